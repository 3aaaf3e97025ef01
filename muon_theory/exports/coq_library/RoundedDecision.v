(** * The numbers of tier W, decided

    For a format, a size and a step: the numbers that Python computes satisfy the
    inequalities of RoundedSteps.v, by computation in rationals; so ε is right, for
    every matrix and whatever the arithmetic returns. *)

From Coq Require Import Reals ZArith QArith Qabs List Bool Lra Lia.
From MuonTheory Require Import Polynomial Bernstein Schedule.
From MuonTheory Require Import RoundedSums Vectors Matrices MatrixPolynomials RoundedProducts RoundedSteps RoundedCoefficients
  RoundedNumbers.
Import ListNotations.
Local Open Scope R_scope.

(** ** The numbers *)

Record stage_numbers := StageNumbers { ratio_q : modulus; value_q : modulus; rise_q : modulus; exact_q : Q; error_q : Q; norm_q : Q }.

(** The weight of e1: for degree five by its two polynomials, else s times max |p'|. *)
Inductive weight_numbers := Quintic (at_0 at_s : modulus) | Sloped (rise : modulus).

Record numbers := Numbers {
  form : format; roundings_n : nat; roundings_m : nat; fewer_m : nat; short : nat; long : nat;
  gamma_n : Q; gamma_m : Q; gamma_l : Q; root_m : Q; root_mm : Q; root_mn : Q; top_q : Q; frobenius_q : Q;
  first : Q; rest : list Q;                              (* the coefficients that run *)
  gram_q : Q; A_q : Q; stages_q : list stage_numbers; weight_q : Q; weights : weight_numbers; inner_q : Q;
  gain_q : modulus; image_q : modulus; image_norm_q : Q; last_q : Q; total_q : Q }.

Section Decision.

Variable N : numbers.
Notation f := (form N).
Notation s := (top_q N).
Notation y := (square s).
Notation F := (frobenius_q N).
Notation γ := (gamma_m N).

Definition constants_q : bool :=
  sensible_q f && (roundings_m N <=? fewer_m N + 2)%nat && Qle_bool 0 s &&
  Qle_bool (power_up (1 + unit_q f) (roundings_n N) - 1) (gamma_n N) &&
  Qle_bool (power_up (1 + unit_q f) (roundings_m N) - 1) γ && Qle_bool (power_up (1 + unit_q f) (fewer_m N) - 1) (gamma_l N) &&
  Qle_bool 0 (root_m N) && Qle_bool (Z.of_nat (short N) # 1) (root_m N * root_m N) && Qle_bool (Z.of_nat (short N) # 1) (root_mm N) &&
  Qle_bool 0 (root_mn N) && Qle_bool ((Z.of_nat (short N) # 1) * (Z.of_nat (long N) # 1)) (root_mn N * root_mn N).

Definition before_q (A : Q) (r : list Q) (bs : list stage_numbers) : Q * Q * Q :=
  match bs with [] => (Qabs (hd 0%Q r), 0%Q, A) | b :: _ => (1%Q, error_q b, norm_q b) end.

Definition stage_decided (A k : Q) (r : list Q) (b : stage_numbers) (α err size : Q) : bool :=
  let left := (exact_q b - (largest (rise_q b) * gram_q N + remainder_q (k :: r) y (gram_q N)))%Q in
  bounded (even_part (k :: r)) y (ratio_q b) && bounded (even_part (0%Q :: k :: r)) y (value_q b) &&
  bounded (even_part (slopes 1 (k :: r))) y (rise_q b) &&
  (Qle_bool (largest (ratio_q b) * (s * F)) left || Qle_bool (root_m N * largest (value_q b)) left) &&
  Qle_bool (store_q f (exact_q b + (y + gram_q N) * err) (product_q f γ * α * (A * size) + γ * Qabs k * A +
    underflow_q f (gamma_l N) (root_mm N) (short N) (most_of α (Qabs k)) (most_of A size)) + (y + gram_q N) * err) (error_q b) &&
  Qle_bool (exact_q b + error_q b) (norm_q b).

Fixpoint stages_decided (A : Q) (row : list Q) (bs : list stage_numbers) : bool :=
  match row, bs with
  | [_], [] => true
  | k :: r, b :: bs' =>
      match before_q A r bs' with (α, err, size) => stage_decided A k r b α err size && stages_decided A r bs' end
  | _, _ => false
  end.

Lemma stages_decided_cons : forall A k r b bs, stages_decided A (k :: r) (b :: bs) =
  match before_q A r bs with (α, err, size) => stage_decided A k r b α err size && stages_decided A r bs end.
Proof. intros A k [|k' r] b bs; reflexivity. Qed.

Definition weight_decided : bool :=
  Qle_bool 0 (weight_q N) &&
  match weights N, rest N with
  | Quintic w0 w1, [b; k] =>
      bounded (odd_part [b; k]) s w0 && bounded (odd_part [(b + k * y)%Q; k]) s w1 &&
      Qle_bool (largest w0) (weight_q N) && Qle_bool (largest w1) (weight_q N)
  | Sloped w, row => bounded (even_part (slopes 1 row)) y w && Qle_bool (s * largest w) (weight_q N)
  | _, _ => false
  end.

Definition decided : bool :=
  match before_q (A_q N) (rest N) (stages_q N) with (α, e2, P) =>
  constants_q &&
  Qle_bool (store_q f (s * F) (product_q f (gamma_n N) * square F) + underflow_q f (gamma_n N) (root_mm N) (long N) 1 s) (gram_q N) &&
  Qle_bool (s * F + gram_q N) (A_q N) && stages_decided (A_q N) (rest N) (stages_q N) && weight_decided &&
  Qle_bool (weight_q N * gram_q N + s * remainder_q (rest N) y (gram_q N) + s * e2) (inner_q N) &&
  bounded (even_part (first N :: rest N)) y (gain_q N) && Qle_bool 0 (largest (image_q N)) &&
  bounded (odd_part (first N :: rest N)) s (image_q N) &&
  (Qle_bool (largest (gain_q N) * F) (image_norm_q N) || Qle_bool (root_m N * largest (image_q N)) (image_norm_q N)) &&
  Qle_bool (store_q f (image_norm_q N + inner_q N)
    (product_q f γ * α * (P * F) + γ * Qabs (first N) * F +
     underflow_q f (gamma_l N) (root_mn N) (short N) (most_of α (Qabs (first N))) (most_of P s))) (last_q N) &&
  Qle_bool (inner_q N + last_q N) (total_q N) end.

(** ** What is decided holds *)

Definition stage_of (b : stage_numbers) : stage_bound :=
  Stage (QR (largest (ratio_q b))) (QR (largest (value_q b))) (QR (largest (rise_q b))) (QR (exact_q b)) (QR (error_q b)) (QR (norm_q b)).

Definition setting_of : setting := Setting (of_format f) (roundings_n N) (roundings_m N) (fewer_m N) (short N) (long N)
  (QR (gamma_n N)) (QR γ) (QR (gamma_l N)) (QR (root_m N)) (QR (root_mm N)) (QR (root_mn N)) (QR s) (QR F).

Definition bound_of : step_bound := Step (QR (gram_q N)) (QR (A_q N)) (map stage_of (stages_q N)) (QR (weight_q N)) (QR (inner_q N))
  (QR (largest (gain_q N))) (QR (largest (image_q N))) (QR (image_norm_q N)) (QR (last_q N)) (QR (total_q N)).

Lemma gamma_decided : forall u k g, 0 <= QR u -> Qle_bool (power_up (1 + u) k - 1) g = true -> (1 + QR u) ^ k - 1 <= QR g.
Proof.
  intros u k g Hu H; apply QR_le in H; autorewrite with real in H.
  pose proof (power_up_above (1 + u) k) as P; autorewrite with real in P; specialize (P ltac:(lra)); lra.
Qed.

Lemma root_decided : forall x r, 0 <= QR r -> x <= QR r * QR r -> sqrt x <= QR r.
Proof. intros x r Hr H; rewrite <- (sqrt_square (QR r) Hr); apply sqrt_le_1_alt, H. Qed.

Lemma constants_decided : constants_q = true -> constants_hold setting_of /\ 0 <= QR s.
Proof.
  intros H; unfold constants_q in H; conjuncts H.
  pose proof (sensible_q_sound f H) as Hs; assert (Hu : 0 <= QR (unit_q f)) by apply Hs.
  repeat match goal with G : Qle_bool (power_up _ _ - 1) _ = true |- _ => apply (gamma_decided _ _ _ Hu) in G end.
  match goal with G : (_ <=? _)%nat = true |- _ => apply Nat.leb_le in G end.
  to_reals; split; [|assumption]; unfold constants_hold, gamma; simpl; repeat split; try assumption; try apply Hs;
    apply root_decided; assumption.
Qed.

Lemma before_real : forall A r bs, match before_q A r bs, before (QR A) (map QR r) (map stage_of bs) with
  (α, e, z), (α', e', z') => α' = QR α /\ e' = QR e /\ z' = QR z end.
Proof.
  intros A r [|b bs]; simpl; [|repeat split; reflexivity]; split; [|split; reflexivity].
  rewrite QR_abs; destruct r; reflexivity.
Qed.

(** The four kinds of polynomials. *)
Lemma ratio_decided : forall row u b, bounded (even_part row) u b = true ->
  forall t, 0 <= t <= QR u -> Rabs (quotient (map QR row) t) <= QR (largest b).
Proof. intros row u b H t Ht; rewrite <- even_part_quotient; apply (bounded_sound _ _ _ H t Ht). Qed.
Lemma value_decided : forall k row u b, bounded (even_part (k :: row)) u b = true ->
  forall t, 0 <= t <= QR u -> Rabs (QR k + at_ (map QR row) t) <= QR (largest b).
Proof. intros k row u b H t Ht; rewrite at_quotient; apply (ratio_decided _ _ _ H t Ht). Qed.
Lemma rise_decided : forall row u b, bounded (even_part (slopes 1 row)) u b = true ->
  forall t t', 0 <= t <= QR u -> 0 <= t' <= QR u -> Rabs (divided (map QR row) t t') <= QR (largest b).
Proof.
  intros row u b H; apply divided_by_derivative; intros t Ht; pose proof (ratio_decided _ _ _ H t Ht) as R.
  rewrite slopes_value in R; replace ((1 - 1) * quotient (map QR row) t + divided (map QR row) t t) with (divided (map QR row) t t) in R
    by ring; exact R.
Qed.
Lemma odd_decided : forall k row u b, bounded (odd_part (k :: row)) u b = true ->
  forall σ, 0 <= σ <= QR u -> Rabs (σ * (QR k + at_ (map QR row) (σ ^ 2))) <= QR (largest b).
Proof.
  intros k row u b H σ Hσ; pose proof (bounded_sound _ _ _ H σ Hσ) as R.
  rewrite odd_part_value, written_value, even_part_quotient in R; rewrite at_quotient; exact R.
Qed.

Lemma stage_sound : forall k r b α err size, stage_decided (A_q N) k r b α err size = true ->
  stage_holds setting_of (QR (gram_q N)) (QR (A_q N)) (QR k) (map QR r) (stage_of b) (QR α) (QR err) (QR size).
Proof.
  intros k r b α err size H; unfold stage_decided in H; cbv zeta in H; conjuncts H.
  match goal with G : (_ || _)%bool = true |- _ => apply orb_true_iff in G; rename G into Least end.
  match goal with G : bounded (even_part (0%Q :: _)) _ _ = true |- _ => pose proof (value_decided 0 (k :: r) _ _ G) as V; clear G end.
  match goal with G : bounded (even_part (slopes _ _)) _ _ = true |- _ => pose proof (rise_decided (k :: r) _ _ G) as D; clear G end.
  pose proof (ratio_decided (k :: r) _ _ H) as R; clear H; rewrite QR_square in R, V, D; to_reals.
  unfold stage_holds, stage_of, setting_of; cbn [top frobenius ratio value slope exact_norm error norm_of rank side arithmetic_of
    gamma_of least_gamma rows].
  split; [exact R|split; [intros t Ht; specialize (V t Ht); rewrite QR_0, Rplus_0_l in V; exact V|split; [exact D|split]]].
  - destruct Least as [L|L]; apply QR_le in L; autorewrite with real in L; [left|right]; exact L.
  - split; assumption.
Qed.

Lemma stages_sound : forall row bs, stages_decided (A_q N) row bs = true ->
  stages_hold setting_of (QR (gram_q N)) (QR (A_q N)) (map QR row) (map stage_of bs).
Proof.
  induction row as [|k r IH]; intros [|b bs] H; [discriminate|discriminate| |].
  - destruct r; [exact I|discriminate].
  - rewrite stages_decided_cons in H; pose proof (before_real (A_q N) r bs) as B; specialize (IH bs).
    destruct (before_q (A_q N) r bs) as [[α err] size]; apply andb_true_iff in H as [H1 H2].
    simpl map; rewrite stages_hold_cons.
    destruct (before (QR (A_q N)) (map QR r) (map stage_of bs)) as [[α' err'] size']; destruct B as (-> & -> & ->).
    split; [apply stage_sound, H1|apply IH, H2].
Qed.

Lemma weight_sound : 0 <= QR s -> weight_decided = true -> 0 <= QR (weight_q N) /\
  forall t t', 0 <= t <= QR s ^ 2 -> 0 <= t' <= QR s ^ 2 -> t' * divided (map QR (rest N)) t t' ^ 2 <= QR (weight_q N) ^ 2.
Proof.
  intros Hs H; unfold weight_decided in H; apply andb_true_iff in H as [H0 H]; apply QR_le in H0; split; [exact H0|].
  destruct (weights N) as [w0 w1|w].
  - destruct (rest N) as [|b [|k [|]]]; try discriminate; conjuncts H; to_reals.
    match goal with G : bounded (odd_part [b; k]) _ _ = true |- _ => pose proof (odd_decided b [k] s w0 G) as B0 end.
    match goal with G : bounded (odd_part [_; k]) s w1 = true |- _ => pose proof (odd_decided _ [k] s w1 G) as B1 end.
    apply weight_of_quintic; [exact Hs| |]; intros σ Hσ; specialize (B0 σ Hσ); specialize (B1 σ Hσ); cbn [at_ map] in B0, B1.
    + replace (σ * (QR b + QR k * σ ^ 2)) with (σ * (QR b + (QR k * σ ^ 2 + σ ^ 2 * 0))) by ring; lra.
    + autorewrite with real in B1.
      replace (σ * (QR b + QR k * QR s ^ 2 + QR k * σ ^ 2)) with (σ * (QR b + QR k * QR s ^ 2 + (QR k * σ ^ 2 + σ ^ 2 * 0))) by ring; lra.
  - assert (W : bounded (even_part (slopes 1 (rest N))) y w && Qle_bool (s * largest w) (weight_q N) = true)
      by (destruct (rest N) as [|? [|? [|]]]; exact H).
    clear H; apply andb_true_iff in W as [W1 W2]; apply QR_le in W2; autorewrite with real in W2.
    pose proof (rise_decided (rest N) _ _ W1) as D; rewrite QR_square in D; intros t t' Ht Ht'.
    eapply Rle_trans; [apply (weight_by_slope _ _ _ Hs D t t' Ht Ht')|]; apply pow_incr; split; [|exact W2].
    apply Rmult_le_pos; [exact Hs|]; eapply Rle_trans; [apply Rabs_pos|apply (D 0 0); split; try lra; apply pow2_ge_0].
Qed.

Theorem decided_sound : decided = true -> constants_hold setting_of /\ bound_holds setting_of (QR (first N)) (map QR (rest N)) bound_of.
Proof.
  intros H; unfold decided in H; pose proof (before_real (A_q N) (rest N) (stages_q N)) as B.
  destruct (before_q (A_q N) (rest N) (stages_q N)) as [[α e2] P].
  conjuncts H; destruct (constants_decided H) as [Hc Hs]; split; [exact Hc|].
  repeat match goal with G : (_ || _)%bool = true |- _ => apply orb_true_iff in G end.
  match goal with G : stages_decided _ _ _ = true |- _ => apply stages_sound in G; rename G into St end.
  match goal with G : weight_decided = true |- _ => destruct (weight_sound Hs G) as [W0 W]; clear G end.
  match goal with G : bounded (even_part _) _ _ = true |- _ => pose proof (value_decided _ _ _ _ G) as Ga; clear G end.
  match goal with G : bounded (odd_part _) _ _ = true |- _ => pose proof (odd_decided _ _ _ _ G) as Im; clear G end.
  match goal with G : _ \/ _ |- _ => rename G into Least end.
  to_reals; rewrite QR_square in Ga.
  unfold bound_holds, bound_of, setting_of; cbn [e1 A_norm stages weight inner gain image image_norm e3 total top frobenius rank side area
    arithmetic_of rows columns first_gamma gamma_of least_gamma].
  destruct (before (QR (A_q N)) (map QR (rest N)) (map stage_of (stages_q N))) as [[α' e'] P']; destruct B as (-> & -> & ->).
  repeat split; try assumption.
  - intros t Ht; assert (Q : 0 <= sqrt t <= QR s).
    { split; [apply sqrt_pos|rewrite <- (sqrt_pow2 (QR s) Hs); apply sqrt_le_1_alt; lra]. }
    specialize (Im (sqrt t) Q); assert (E : sqrt t ^ 2 = t) by (apply pow2_sqrt; lra); rewrite E in Im.
    replace (t * (QR (first N) + at_ (map QR (rest N)) t) ^ 2) with ((sqrt t * (QR (first N) + at_ (map QR (rest N)) t)) ^ 2)
      by (rewrite Rpow_mult_distr, E; reflexivity).
    rewrite <- pow2_abs; apply pow_incr; split; [apply Rabs_pos|exact Im].
  - destruct Least as [L|L]; apply QR_le in L; autorewrite with real in L; [left|right]; exact L.
Qed.

(** What Python prints of a step: for every matrix, and whatever the arithmetic returns. *)
Theorem decided_step : forall a row ε e, decided = true ->
  length (rest N) = length row ->
  Qle_bool (total_q N + (Qabs (first N - a) + at_q (map (fun p => Qabs (fst p - snd p)) (combine (rest N) row)) y) * F) ε = true ->
  Qle_bool (total_q N + (Qabs (first N - a) + at_q (map (fun p => Qabs (fst p - snd p)) (combine (rest N) row)) y) * s) e = true ->
  forall X Y, spectral (short N) (long N) X (QR s) -> norm (short N) (long N) X <= QR F ->
  step_runs (of_format f) (roundings_n N) (roundings_m N) (short N) (long N) (QR (first N)) (map QR (rest N)) X Y ->
  let E := minus Y (step (short N) (long N) (QR a) (map QR row) X) in
  norm (short N) (long N) E <= QR ε /\ spectral (short N) (long N) E (QR e).
Proof.
  intros a row ε e H Len Hε He X Y Xs Xn HY E; destruct (decided_sound H) as [Hc Hb].
  assert (G : map QR (map (fun p => Qabs (fst p - snd p)) (combine (rest N) row)) = gaps (map QR (rest N)) (map QR row)).
  { clear; revert row; induction (rest N) as [|c r IH]; intros [|c' r']; cbn [combine map gaps fst snd]; try reflexivity.
    rewrite IH, QR_abs, QR_minus; reflexivity. }
  to_reals; rewrite G in *.
  destruct (rounded_step_of setting_of Hc X Xs Xn (QR (first N)) (map QR (rest N)) bound_of (QR a) (map QR row) Y
    ltac:(rewrite !map_length; exact Len) Hb HY) as [T1 T2].
  cbn [setting_of bound_of total top frobenius rows columns] in T1, T2; fold E in T1, T2.
  split; [lra|]; apply spectral_le with (1 := T2); lra.
Qed.

End Decision.
