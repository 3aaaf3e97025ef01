(** * Interpolation: an odd polynomial from its values at a few points

    The polynomials L_i in y, each 1 at one node and 0 at the others, are given
    by their coefficients; that they interpolate is not proved of a formula but
    computed: Σ_i y_i^k L_i(y) is y^k for each k below the number of nodes. *)

From Coq Require Import Reals ZArith QArith Qreduction List Bool Lra Lia.
From MuonTheory Require Import Polynomial Minimax.
Import ListNotations.
Local Open Scope R_scope.

(** ** Polynomials with rational coefficients, as lists *)

Definition qvalue (p : list Q) (y : R) : R := horner (map QR p) y.

Fixpoint qadd (p q : list Q) : list Q :=
  match p, q with
  | [], _ => q
  | _, [] => p
  | a :: p', b :: q' => Qred (a + b) :: qadd p' q'
  end.
Definition qscale (c : Q) (p : list Q) : list Q := map (fun a => Qred (c * a)) p.
Fixpoint qhorner (p : list Q) (y : Q) : Q :=
  match p with [] => 0%Q | a :: p' => Qred (a + y * qhorner p' y) end.

Lemma QR_red : forall c, QR (Qred c) = QR c.
Proof. intros; apply QR_eq, Qeq_bool_iff, Qred_correct. Qed.

Lemma qvalue_add : forall p q y, qvalue (qadd p q) y = qvalue p y + qvalue q y.
Proof.
  unfold qvalue; induction p as [|a p IH]; intros [|b q] y; cbn [qadd map horner]; try ring.
  rewrite IH, QR_red, QR_plus; ring.
Qed.
Lemma qvalue_scale : forall c p y, qvalue (qscale c p) y = QR c * qvalue p y.
Proof.
  intros c p y; unfold qvalue; induction p as [|a p IH]; cbn [qscale map horner]; [ring|].
  fold (qscale c p); rewrite IH, QR_red, QR_mult; ring.
Qed.
Lemma qhorner_value : forall p y, QR (qhorner p y) = qvalue p (QR y).
Proof.
  unfold qvalue; induction p as [|a p IH]; intros y; cbn [qhorner map horner]; [reflexivity|].
  rewrite QR_red, QR_plus, QR_mult, IH; reflexivity.
Qed.

(** ** Lagrange's polynomials *)

(** The product of (y - z)/(x - z) over the other nodes z. *)
Fixpoint basis (x : Q) (others : list Q) : list Q :=
  match others with
  | [] => [1%Q]
  | z :: rest =>
      let p := basis x rest in
      if Qeq_bool x z then p
      else let c := Qred (/ (x - z)) in qadd (qscale (Qred (- z * c)) p) (0%Q :: qscale c p)
  end.
Definition lagrange (ys : list Q) : list (list Q) := map (fun y => basis y ys) ys.

(** Σ g(y_i) L_i(y). *)
Fixpoint interpolated (g : R -> R) (ys : list Q) (rows : list (list Q)) (y : R) : R :=
  match ys, rows with
  | a :: ys', r :: rows' => g (QR a) * qvalue r y + interpolated g ys' rows' y
  | _, _ => 0
  end.

Fixpoint powers_by (k : nat) (ys : list Q) (rows : list (list Q)) : list Q :=
  match ys, rows with
  | a :: ys', r :: rows' => qadd (qscale (Nat.iter k (fun p => Qred (a * p)) 1%Q) r) (powers_by k ys' rows')
  | _, _ => []
  end.

(** The polynomial y^k. *)
Fixpoint is_power (k : nat) (p : list Q) : bool :=
  match p, k with
  | [], _ => false
  | c :: rest, O => Qeq_bool c 1 && forallb (fun a => Qeq_bool a 0) rest
  | c :: rest, S k' => Qeq_bool c 0 && is_power k' rest
  end.

Definition interpolates (n : nat) (ys : list Q) (rows : list (list Q)) : bool :=
  forallb (fun k => is_power k (powers_by k ys rows)) (seq 0 n).

Lemma powers_by_value : forall k ys rows y, qvalue (powers_by k ys rows) y = interpolated (fun t => t ^ k) ys rows y.
Proof.
  intros k; induction ys as [|a ys IH]; intros [|r rows] y; try reflexivity.
  cbn [powers_by interpolated]; rewrite qvalue_add, qvalue_scale, IH; f_equal; f_equal.
  clear; induction k as [|k IH]; [reflexivity|].
  change (QR (Qred (a * Nat.iter k (fun p : Q => Qred (a * p)) 1%Q)) = QR a ^ S k).
  rewrite QR_red, QR_mult, IH; reflexivity.
Qed.

Lemma is_power_value : forall k p y, is_power k p = true -> qvalue p y = y ^ k.
Proof.
  unfold qvalue; induction k as [|k IH]; intros [|c p] y H; try discriminate; cbn [is_power] in H;
    apply andb_true_iff in H as [Hc H]; apply QR_eq in Hc; cbn [map horner]; rewrite Hc.
  - assert (Z : horner (map QR p) y = 0); [|rewrite Z; change (QR 1) with 1; simpl; ring].
    induction p as [|a p IH]; [reflexivity|]; cbn [forallb] in H; apply andb_true_iff in H as [Ha H].
    apply QR_eq in Ha; cbn [map horner]; rewrite Ha, (IH H); change (QR 0) with 0; ring.
  - rewrite (IH p y H); change (QR 0) with 0; simpl; ring.
Qed.

Lemma interpolated_linear : forall c g h ys rows y,
  interpolated (fun t => c * g t + h t) ys rows y = c * interpolated g ys rows y + interpolated h ys rows y.
Proof.
  intros c g h; induction ys as [|a ys IH]; intros [|r rows] y; cbn [interpolated]; try ring; rewrite IH; ring.
Qed.
Lemma interpolated_ext : forall g h ys rows y, (forall t, g t = h t) -> interpolated g ys rows y = interpolated h ys rows y.
Proof.
  intros g h ys rows y H; revert rows; induction ys as [|a ys IH]; intros [|r rows]; cbn [interpolated]; try reflexivity.
  rewrite H, IH; reflexivity.
Qed.

Lemma interpolated_zero : forall g ys rows y, (forall t, g t = 0) -> interpolated g ys rows y = 0.
Proof.
  intros g ys rows y H; revert rows; induction ys as [|a ys IH]; intros [|r rows]; cbn [interpolated]; try reflexivity.
  rewrite H, IH; ring.
Qed.

(** A polynomial with no more coefficients than nodes is its interpolation. *)
Theorem interpolation : forall n ys rows, interpolates n ys rows = true ->
  forall q y, (length q <= n)%nat -> horner q y = interpolated (horner q) ys rows y.
Proof.
  intros n ys rows H.
  assert (P : forall k y, (k < n)%nat -> interpolated (fun t => t ^ k) ys rows y = y ^ k).
  { intros k y Hk; rewrite <- powers_by_value; apply is_power_value.
    unfold interpolates in H; rewrite forallb_forall in H; apply H, in_seq; lia. }
  assert (G : forall q k y, (k + length q <= n)%nat ->
    y ^ k * horner q y = interpolated (fun t => t ^ k * horner q t) ys rows y).
  { induction q as [|a q IH]; intros k y Hk; cbn [length] in Hk; cbn [horner].
    - rewrite interpolated_zero by (intros; ring); ring.
    - rewrite (interpolated_ext _ (fun t => a * t ^ k + t ^ S k * horner q t)) by (intros; simpl; ring).
      rewrite interpolated_linear, P, <- (IH (S k)) by lia; simpl; ring. }
  intros q y Hq; specialize (G q 0%nat y ltac:(simpl; exact Hq)); cbn [pow] in G; rewrite Rmult_1_l in G.
  rewrite G; apply interpolated_ext; intros; ring.
Qed.

(** f(x)/x for an odd polynomial f; at 0 it is f'(0). *)
Definition ratio_at (q : list R) (x : Q) : R := horner q (QR x ^ 2).
Fixpoint from_nodes (w : list R) (rows : list (list Q)) (y : R) : R :=
  match w, rows with v :: w', r :: rows' => v * qvalue r y + from_nodes w' rows' y | _, _ => 0 end.

(** An odd polynomial from these at nodes x. *)
Theorem odd_interpolation : forall n xs rows, interpolates n (map square xs) rows = true ->
  forall q y, (length q <= n)%nat -> horner q y = from_nodes (map (ratio_at q) xs) rows y.
Proof.
  intros n xs rows H q y Hq; rewrite (interpolation n _ rows H q y Hq).
  clear H; revert rows; induction xs as [|a xs IH]; intros [|r rows]; try reflexivity.
  cbn [map interpolated from_nodes]; rewrite IH; unfold ratio_at; rewrite QR_square; reflexivity.
Qed.

(** ** Derivatives of odd polynomials *)

Fixpoint slope_sum (k : nat) (q : list R) (x : R) : R :=
  match q with [] => 0 | a :: q' => a * (INR k * x ^ pred k) + slope_sum (S (S k)) q' x end.

Lemma power_slope : forall q k x, derivable_pt_lim (fun t => t ^ k * horner q (t ^ 2)) x (slope_sum k q x).
Proof.
  induction q as [|a q IH]; intros k x; cbn [slope_sum].
  - apply (derivable_pt_lim_ext (fct_cte 0)); [intros t; unfold fct_cte; simpl; ring|apply derivable_pt_lim_const].
  - apply (derivable_pt_lim_ext (plus_fct (mult_real_fct a (fun t => t ^ k)) (fun t => t ^ S (S k) * horner q (t ^ 2)))).
    + intros t; unfold plus_fct, mult_real_fct; cbn [horner pow]; ring.
    + apply derivable_pt_lim_plus; [apply derivable_pt_lim_scal, derivable_pt_lim_pow|apply IH].
Qed.
Lemma odd_slope : forall q x, derivable_pt_lim (odd_real q) x (slope_sum 1 q x).
Proof.
  intros q x; apply (derivable_pt_lim_ext (fun t => t ^ 1 * horner q (t ^ 2))); [|apply power_slope].
  intros t; rewrite odd_real_value; ring.
Qed.
Lemma slope_at_zero : forall q, slope_sum 1 q 0 = horner q 0.
Proof.
  assert (Z : forall q k, slope_sum (S (S k)) q 0 = 0).
  { induction q as [|a q IH]; intros k; cbn [slope_sum]; [reflexivity|]; rewrite IH; simpl; ring. }
  intros [|a q]; cbn [slope_sum horner]; [reflexivity|]; rewrite Z; simpl; ring.
Qed.

(** ** Bounds *)

Definition positive_part (c : Q) : Q := if Qle_bool c 0 then 0%Q else c.
Definition negative_part (c : Q) : Q := if Qle_bool c 0 then c else 0%Q.

Lemma QR_parts : forall c, 0 <= QR (positive_part c) /\ QR c <= QR (positive_part c) /\
  QR (negative_part c) <= 0 /\ QR (negative_part c) <= QR c.
Proof.
  intros c; unfold positive_part, negative_part; change 0 with (QR 0); destruct (Qle_bool c 0) eqn:H.
  - apply QR_le in H; lra.
  - assert (QR 0 < QR c); [|lra]; apply QR_lt; unfold below; rewrite H; reflexivity.
Qed.
