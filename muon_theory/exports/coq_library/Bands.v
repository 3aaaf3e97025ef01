(** * Images: what finitely many steps do to an interval

    One step sends a rational interval into the next by the rule: [step_exact],
    for the claims that [Chains] has of many; within an error, for
    [robust_band]. Inner intervals and two points a step give [attains]; upper
    ends alone, [ceiling_sound]. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From MuonTheory Require Import Polynomial Bernstein Schedule.
From MuonTheory Require Export Chains.
Import ListNotations.
Local Open Scope R_scope.

(** ** One step *)

Definition step := step_of (list Q).

(** lo + e ≤ f ≤ hi - e on I, where (lo, hi) is the next interval. *)
Definition step_holds (e : Q) (r : row) (i : interval) (s : step) : bool :=
  let f := odd_part r in
  at_least_zero (rsub f (constant (fst (outer s) + e))) (fst i) (lower_splits s) (snd i) &&
  at_least_zero (rsub (constant (snd (outer s) - e)) f) (fst i) (upper_splits s) (snd i).

(** Then whatever lies within e of f(x), x in I, lies in the next interval. *)
Lemma step_sound : forall e r i s f x x', step_holds e r i s = true ->
  (forall x, f x = written r x) -> inside i x -> Rabs (x' - f x) <= QR e -> inside (outer s) x'.
Proof.
  intros e r i s f x x' H Hf Hx He; apply andb_true_iff in H as [Hlo Hhi].
  apply (at_least_zero_sound _ _ _ _ Hlo) in Hx as Lo.
  apply (at_least_zero_sound _ _ _ _ Hhi) in Hx as Hi.
  rewrite rvalue_sub, rvalue_constant, odd_part_value, <- Hf in Lo, Hi.
  unfold Qminus in Hi; rewrite QR_plus in Lo, Hi; rewrite QR_opp in Hi.
  unfold inside, Rabs in *; destruct (Rcase_abs (x' - f x)); lra.
Qed.

(** The exact image is the case e = 0. *)
Lemma step_exact : forall r i s f x, is_written f r -> step_holds 0 r i s = true -> inside i x -> inside (outer s) (f x).
Proof.
  intros r i s f x Hf H Hx; apply (step_sound 0 r i s f x (f x) H Hf Hx).
  unfold QR; simpl; rewrite Rminus_diag_eq, Rabs_R0; lra.
Qed.

(** ** Chains *)

Definition chain := chain_by (step_holds 0).

(** A chain ends in an interval that holds the image and passes the test. *)
Definition chain_sound := chain_by_sound is_written (step_holds 0) step_exact.

(** ** robust-band *)

(** As [chain], widened by an error a step; every lower end is positive. *)
Fixpoint robust_chain (rows : list row) (errors : list Q) (i target : interval)
    (steps : list step) : bool :=
  starts_positive i &&
  match rows, errors, steps with
  | [], [], [] => within i target
  | r :: rows', e :: errors', s :: steps' =>
      step_holds e r i s && robust_chain rows' errors' (outer s) target steps'
  | _, _, _ => false
  end.

(** However each step errs by at most its e, the last point is in the target. *)
Fixpoint stays (fs : list (R -> R)) (errors : list Q) (target : interval) (x : R) : Prop :=
  match fs, errors with
  | f :: fs', e :: errors' =>
      forall x', Rabs (x' - f x) <= QR e -> stays fs' errors' target x'
  | _, _ => QR (fst target) <= x <= QR (snd target)
  end.

(** The band holds for every sequence that errs by at most e_t at step t. *)
Theorem robust_band : forall rows fs errors start target steps,
  written_as fs rows -> robust_chain rows errors start target steps = true ->
  forall x, QR (fst start) <= x <= QR (snd start) -> stays fs errors target x.
Proof.
  induction rows as [|r rows IH]; intros [|f fs] [|e errors] i target [|s steps] Hw H x Hx;
    simpl in H; try contradiction;
    apply andb_true_iff in H as [_ H]; try discriminate.
  - exact (within_sound i target x H Hx).
  - destruct Hw as [Hf Hw]; apply andb_true_iff in H as [Hs H]; intros x' He.
    apply (IH fs errors (outer s) target steps); auto.
    apply (step_sound e r i s f x); auto.
Qed.

(** ** attains *)

(** The next inner interval, and two points whose images lie beyond it. *)
Record reach := Reach { inner : interval; low_point : Q; high_point : Q }.

Definition inside_point (i : interval) (p : Q) : bool :=
  Qle_bool (fst i) p && Qle_bool p (snd i).

(** p, q in I with f(p) ≤ lo and f(q) ≥ hi. *)
Definition reach_holds (r : row) (i : interval) (s : reach) : bool :=
  let f := odd_part r in
  inside_point i (low_point s) && inside_point i (high_point s) &&
  Z.leb 0 (at_point (rsub (constant (fst (inner s))) f) (low_point s)) &&
  Z.leb 0 (at_point (rsub f (constant (snd (inner s)))) (high_point s)).

(** A continuous function takes every value between two of its values. *)
Lemma intermediate_value : forall f p q z, continuity f -> f p <= z <= f q ->
  exists x, Rmin p q <= x <= Rmax p q /\ f x = z.
Proof.
  intros f p q z Hf Hz; set (h := fun x => f x - z).
  assert (Hh : continuity h).
  { intros x; apply (continuity_pt_minus f (fct_cte z)); [apply Hf|].
    apply continuity_pt_const; intros ? ?; reflexivity. }
  destruct (IVT_cor h (Rmin p q) (Rmax p q) Hh) as [x [Hx E]].
  - apply Rle_trans with p; [apply Rmin_l|apply Rmax_l].
  - unfold h, Rmin, Rmax; destruct (Rle_dec p q); nra.
  - exists x; split; [exact Hx|unfold h in E; lra].
Qed.

(** Every value of the next inner interval is taken on I. *)
Lemma reach_sound : forall r i s f z, reach_holds r i s = true ->
  (forall x, f x = written r x) -> inside (inner s) z -> exists x, inside i x /\ f x = z.
Proof.
  intros r i s f z H Hf Hz; unfold reach_holds in H.
  apply andb_true_iff in H as [H Hhi]; apply andb_true_iff in H as [H Hlo].
  apply andb_true_iff in H as [Hp Hq].
  apply andb_true_iff in Hp as [Hp1 Hp2]; apply andb_true_iff in Hq as [Hq1 Hq2].
  apply QR_le in Hp1; apply QR_le in Hp2; apply QR_le in Hq1; apply QR_le in Hq2.
  apply at_point_nonnegative in Hlo; apply at_point_nonnegative in Hhi.
  rewrite rvalue_sub, rvalue_constant in Hlo, Hhi; unfold inside in *.
  destruct (intermediate_value (rvalue (odd_part r)) (QR (low_point s)) (QR (high_point s)) z)
    as [x [Hx E]]; [apply rvalue_continuous|lra|].
  exists x; split; [|rewrite Hf, <- odd_part_value; exact E].
  split; [apply Rle_trans with (2 := proj1 Hx); apply Rmin_glb; assumption|].
  apply Rle_trans with (1 := proj2 Hx); apply Rmax_lub; assumption.
Qed.

Fixpoint reaches (rows : list row) (i target : interval) (steps : list reach) : bool :=
  match rows, steps with
  | [], [] => within target i
  | r :: rows', s :: steps' => reach_holds r i s && reaches rows' (inner s) target steps'
  | _, _ => false
  end.

(** J ⊆ φ(I). *)
Theorem attains : forall rows fs start target steps,
  written_as fs rows -> reaches rows start target steps = true ->
  forall z, QR (fst target) <= z <= QR (snd target) ->
    exists x, QR (fst start) <= x <= QR (snd start) /\ run fs x = z.
Proof.
  induction rows as [|r rows IH]; intros [|f fs] i target [|s steps] Hw H z Hz;
    try (contradiction || discriminate); simpl in *.
  - exists z; split; [exact (within_sound target i z H Hz)|reflexivity].
  - destruct Hw as [Hf Hw]; apply andb_true_iff in H as [Hs H].
    destruct (IH fs (inner s) target steps Hw H z Hz) as [y [Hy E]].
    destruct (reach_sound r i s f y Hs Hf Hy) as [x [Hx E']].
    exists x; split; [exact Hx|rewrite E'; exact E].
Qed.

(** ** sign-safe *)

Definition ceiling := ceiling_of (list Q).

(** g > 0 on [0, u²] and f ≤ u' on [0, u]. *)
Definition ceiling_holds (r : row) (u : Q) (s : ceiling) : bool :=
  positive_closed (even_part r) 0 (sign_splits s) (square u) &&
  at_least_zero (rsub (constant (upper s)) (odd_part r)) 0 (bound_splits s) u.

(** Then 0 < f(x) ≤ u' for 0 < x ≤ u. *)
Lemma ceiling_sound : forall r u s f x, is_written f r -> ceiling_holds r u s = true ->
  0 < x <= QR u -> 0 < f x <= QR (upper s).
Proof.
  intros r u s f x Hf H Hx; apply andb_true_iff in H as [Hpos Hle].
  assert (Z0 : QR 0 = 0) by reflexivity.
  assert (Hy : QR 0 <= x ^ 2 <= QR (square u)) by (rewrite Z0, QR_square; nra).
  pose proof (positive_closed_sound _ _ _ _ Hpos _ Hy) as G.
  pose proof (at_least_zero_sound _ _ _ _ Hle x ltac:(rewrite Z0; lra)) as L.
  rewrite rvalue_sub, rvalue_constant, odd_part_value, <- Hf in L.
  split; [rewrite Hf, written_value; apply Rmult_lt_0_compat; lra|lra].
Qed.
