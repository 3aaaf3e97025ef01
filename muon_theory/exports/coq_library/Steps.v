(** * What holds for all schedules: the slope at 0, and images

    No certificate can say this, as it ranges over all coefficients. *)

From Coq Require Import Reals List Lra.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Bands.
Import ListNotations.
Local Open Scope R_scope.

(** ** Slopes *)

(** c1 x + c3 x³ + c5 x⁵ + … *)
Fixpoint odd_sum (row : list R) (x : R) : R :=
  match row with [] => 0 | c :: row' => c * x + x ^ 2 * odd_sum row' x end.

(** The steps one after another. *)
Fixpoint composed (rows : list (list R)) (x : R) : R :=
  match rows with [] => x | row :: rows' => composed rows' (odd_sum row x) end.

Lemma odd_sum_zero : forall row, odd_sum row 0 = 0.
Proof. induction row as [|c row IH]; simpl; [reflexivity|rewrite IH; ring]. Qed.

Lemma odd_sum_slope : forall row, is_derive (odd_sum row) 0 (hd 0 row).
Proof.
  induction row as [|c row IH]; simpl.
  - apply (is_derive_const 0 0).
  - auto_derive; [exists (hd 0 row); exact IH|].
    simpl; ring.
Qed.

(** φ'(0) is the product of the first coefficients, for every schedule. *)
Theorem slope_of_schedule : forall rows,
  is_derive (composed rows) 0 (fold_right Rmult 1 (map (hd 0) rows)).
Proof.
  induction rows as [|row rows IH]; simpl.
  - apply (is_derive_id 0).
  - rewrite <- (odd_sum_zero row) in IH at 1.
    pose proof (is_derive_comp (composed rows) (odd_sum row) 0 _ _ IH (odd_sum_slope row)) as D.
    exact D.
Qed.

(** ** Images *)

(** z is a value of f on [l, u]. *)
Definition value_on (f : R -> R) (l u z : R) : Prop := exists x, l <= x <= u /\ f x = z.

Lemma composed_app : forall first later x, composed (first ++ later) x = composed later (composed first x).
Proof. induction first as [|row first IH]; intros later x; [reflexivity|apply IH]. Qed.

Lemma odd_sum_continuous : forall row, continuity (odd_sum row).
Proof.
  induction row as [|c row IH]; intros x; [apply continuity_pt_const; intros y z; reflexivity|].
  apply (continuity_pt_plus (fun x => c * x) (fun x => x ^ 2 * odd_sum row x)); [reg|].
  apply (continuity_pt_mult (fun x => x ^ 2) (odd_sum row)); [reg|apply IH].
Qed.
Lemma composed_continuous : forall rows, continuity (composed rows).
Proof.
  induction rows as [|row rows IH]; intros x; [apply derivable_continuous_pt, derivable_pt_id|].
  apply (continuity_pt_comp (odd_sum row) (composed rows)); [apply odd_sum_continuous|apply IH].
Qed.

(** The image of an interval is an interval, for every schedule. *)
Theorem image_is_interval : forall rows l u, l <= u ->
  exists m M, forall z, value_on (composed rows) l u z <-> m <= z <= M.
Proof.
  intros rows l u Hlu; pose proof (composed_continuous rows) as C.
  destruct (continuity_ab_min (composed rows) l u Hlu (fun x _ => C x)) as [lo [Hlo Il]].
  destruct (continuity_ab_maj (composed rows) l u Hlu (fun x _ => C x)) as [hi [Hhi Ih]].
  exists (composed rows lo), (composed rows hi); intros z; split.
  - intros [x [Hx <-]]; split; [apply Hlo|apply Hhi]; exact Hx.
  - intros Hz; destruct (intermediate_value (composed rows) lo hi z C Hz) as [x [Hx E]].
    exists x; split; [|exact E]; unfold Rmin, Rmax in Hx; destruct (Rle_dec lo hi); lra.
Qed.

(** The image under a composition is the image, under what comes later, of the image under what comes first. *)
Theorem image_of_composition : forall first later l u m M, (forall z, value_on (composed first) l u z <-> m <= z <= M) ->
  forall z, value_on (composed (first ++ later)) l u z <-> value_on (composed later) m M z.
Proof.
  intros first later l u m M H z; split.
  - intros [x [Hx E]]; rewrite composed_app in E; exists (composed first x); split; [apply H; exists x; auto|exact E].
  - intros [y [Hy E]]; apply H in Hy as [x [Hx <-]]; exists x; split; [exact Hx|rewrite composed_app; exact E].
Qed.
