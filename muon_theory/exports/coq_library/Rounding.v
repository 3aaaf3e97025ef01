(** * One rounded step: tier W of docs/precision.md

    X is m × n, ‖X‖₂ ≤ s, ‖X‖ ≤ F, f(x) = a x + x p(x²). What runs is
      A = fl(X Xᵀ),  P = fl(p(A)) by Horner's rule,  Y = fl(a X + P X),
    each product with its sum stored once. By how much Y differs from f(X), in the
    Frobenius norm, for whatever the arithmetic returns. *)

From Coq Require Import Reals List Lra Lia.
From MuonTheory Require Import RoundedSums Vectors Matrices MatrixPolynomials Eigenbases RoundedProducts.
Import ListNotations.
Local Open Scope R_scope.

(** ** What runs *)

Section Runs.

Variables (ar : arithmetic) (Kn Km m n : nat).

(** p(A) is α P, for the last coefficient A itself: c; then each stage c A + A (α P), stored. *)
Inductive evaluated (A : matrix) : list R -> R -> matrix -> Prop :=
| last_coefficient : forall c, evaluated A [c] c A
| stage : forall c r α H C P, evaluated A r α H ->
    product ar Km m m m α A H c A C -> stored ar m m C P -> evaluated A (c :: r) 1 P.

(** A step: sums of X Xᵀ through at most Kn roundings, the others through at most Km. *)
Definition step_runs (a : R) (row : list R) (X Y : matrix) : Prop := exists A P α,
  (exists C, product ar Kn m n m 1 X (transpose X) 0 zero C /\ stored ar m m C A) /\
  evaluated A row α P /\
  (exists C, product ar Km m m n α P X a X C /\ stored ar m n C Y).

(** f(X). *)
Definition step (a : R) (row : list R) (X : matrix) : matrix :=
  plus (scale a X) (times m (of_matrix m row (times n X (transpose X))) X).

End Runs.

(** ** The numbers of the bound *)

(** Of a stage: bounds of |p(t)/t|, |p(t)| and |p[t, t']| on [0, s²], p the part of the polynomial so far; of ‖p(A)‖,
    of the stage's error and of the norm of what it stores. *)
Record stage_bound := Stage { ratio : R; value : R; slope : R; exact_norm : R; error : R; norm_of : R }.

(** The same of the step: e1, ‖A‖; the weight of e1 in p(A) X; |g|, |f|; ‖f(X)‖; (p(A) - p(A0)) X; e3. *)
Record step_bound := Step {
  e1 : R; A_norm : R; stages : list stage_bound; weight : R; inner : R;
  gain : R; image : R; image_norm : R; e3 : R; total : R }.

Section Bound.

Variables (ar : arithmetic) (Kn Km Lm m n : nat) (s F rank : R).
Hypothesis sound : sensible ar.
Hypothesis later : (Km <= Lm + 2)%nat.
Hypothesis rank_bound : sqrt (INR m) <= rank.

Notation γ := (gamma ar Km).
Notation γ' := (gamma_product ar Km).
Notation y := (s ^ 2).

(** min(a, b) ≤ x. *)
Definition least_below (a b x : R) : Prop := a <= x \/ b <= x.

(** What came before a stage: α, the error and the norm of H. *)
Definition before (A : R) (r : list R) (bs : list stage_bound) : R * R * R :=
  match bs with [] => (Rabs (hd 0 r), 0, A) | b :: _ => (1, error b, norm_of b) end.

Fixpoint stages_hold (e1 A : R) (row : list R) (bs : list stage_bound) : Prop :=
  match row, bs with
  | [c], [] => True
  | c :: r, b :: bs' =>
      match before A r bs' with (α, err, size) =>
      (forall t, 0 <= t <= y -> Rabs (quotient row t) <= ratio b) /\
      (forall t, 0 <= t <= y -> Rabs (at_ row t) <= value b) /\
      (forall t t', 0 <= t <= y -> 0 <= t' <= y -> Rabs (divided row t t') <= slope b) /\
      least_below (ratio b * (s * F)) (rank * value b) (exact_norm b - (slope b * e1 + remainder row y e1)) /\
      store ar (exact_norm b + (y + e1) * err)
        (γ' * α * (A * size) + γ * Rabs c * A + underflow ar Lm m m m (Rmax α (Rabs c)) (Rmax A size)) + (y + e1) * err <= error b /\
      exact_norm b + error b <= norm_of b /\
      stages_hold e1 A r bs' end
  | _, _ => False
  end.

Definition bound_holds (a : R) (row : list R) (b : step_bound) : Prop :=
  match before (A_norm b) row (stages b) with (α, e2, P) =>
  store ar (s * F) (gamma_product ar Kn * F ^ 2) + underflow ar Kn m m n 1 s <= e1 b /\
  s * F + e1 b <= A_norm b /\
  stages_hold (e1 b) (A_norm b) row (stages b) /\
  0 <= weight b /\
  (forall t t', 0 <= t <= y -> 0 <= t' <= y -> t' * divided row t t' ^ 2 <= weight b ^ 2) /\
  weight b * e1 b + s * remainder row y (e1 b) + s * e2 <= inner b /\
  (forall t, 0 <= t <= y -> Rabs (a + at_ row t) <= gain b) /\
  0 <= image b /\
  (forall t, 0 <= t <= y -> t * (a + at_ row t) ^ 2 <= image b ^ 2) /\
  least_below (gain b * F) (rank * image b) (image_norm b) /\
  store ar (image_norm b + inner b)
    (γ' * α * (P * F) + γ * Rabs a * F + underflow ar Lm m n m (Rmax α (Rabs a)) (Rmax P s)) <= e3 b /\
  inner b + e3 b <= total b end.

(** ** The bound *)

Variable X : matrix.
Hypothesis X_size : spectral m n X s.
Hypothesis X_norm : norm m n X <= F.

Notation A0 := (times n X (transpose X)).

(** What is used of the eigenvectors of X Xᵀ. *)
Variables (u : matrix) (λ : nat -> R).
Hypothesis basis : eigenbasis m A0 y u λ.

Lemma s_nonnegative : 0 <= s.
Proof. apply X_size. Qed.
Lemma F_nonnegative : 0 <= F.
Proof. apply Rle_trans with (1 := norm_nonnegative m n X), X_norm. Qed.
Lemma A0_size : spectral m m A0 y.
Proof. replace y with (s * s) by ring; apply spectral_times; [exact X_size|apply spectral_transpose, X_size]. Qed.
Lemma A0_norm : norm m m A0 <= s * F.
Proof.
  eapply Rle_trans; [apply norm_spectral_left, X_size|]; rewrite norm_transpose.
  apply Rmult_le_compat_l; [apply s_nonnegative|exact X_norm].
Qed.
Lemma y_inside : 0 <= y <= y.
Proof. split; [apply pow2_ge_0|lra]. Qed.

(** An entry is at most the spectral norm. *)
Lemma entry_spectral : forall i j, (i < m)%nat -> (j < n)%nat -> Rabs (X i j) <= s.
Proof.
  intros i j Hi Hj; destruct X_size as [Hs H]; specialize (H (fun l => one j l)).
  assert (E : size n (fun l => one j l) = 1).
  { unfold size; rewrite (sum_ext n _ (fun l => one j l * one j l)) by (intros; ring).
    rewrite (sum_one n j (fun l => one j l)) by exact Hj; unfold one; rewrite Nat.eqb_refl; apply sqrt_1. }
  rewrite E, Rmult_1_r in H; eapply Rle_trans; [|exact H].
  apply Rsqr_incr_0_var; [|apply size_nonnegative]; rewrite <- Rsqr_abs; unfold Rsqr.
  replace (size m (fun i0 => sum n (fun j0 => X i0 j0 * one j j0)) * size m (fun i0 => sum n (fun j0 => X i0 j0 * one j j0)))
    with (size m (fun i0 => sum n (fun j0 => X i0 j0 * one j j0)) ^ 2) by ring.
  rewrite size_squared; eapply Rle_trans; [right|apply (sum_term m _ i Hi); intros; apply pow2_ge_0]; cbv beta.
  rewrite (sum_ext n _ (fun l => one j l * X i l)) by (intros; ring); rewrite (sum_one n j (X i)) by exact Hj; ring.
Qed.

Section Computed.

Variables (a : R) (row : list R) (b : step_bound).
Hypothesis holds : bound_holds a row b.
Variable A : matrix.
Hypothesis gram : exists C, product ar Kn m n m 1 X (transpose X) 0 zero C /\ stored ar m m C A.

Notation E := (minus A A0).

Lemma gram_error : norm m m E <= e1 b.
Proof.
  unfold bound_holds in holds; destruct (before _ _ _) as [[α e2] P]; destruct holds as [H _]; destruct gram as [C [HC HS]].
  eapply Rle_trans; [|exact H].
  pose proof (stored_product ar sound Kn Kn m n m 1 0 X (transpose X) zero C A F F 0 s (s * F) ltac:(lia) HC HS X_norm) as G.
  rewrite norm_transpose, norm_zero in G; specialize (G X_norm ltac:(lra) entry_spectral (fun l j Hl Hj => entry_spectral j l Hj Hl)).
  replace (plus (scale 1 A0) (scale 0 zero)) with A0 in G by sums_of_matrices; specialize (G A0_norm).
  eapply Rle_trans; [exact G|right]; unfold sums; rewrite Rabs_R1, Rabs_R0, (Rmax_left 1 0) by lra.
  f_equal; f_equal; ring.
Qed.

Lemma e1_nonnegative : 0 <= e1 b.
Proof. apply Rle_trans with (1 := norm_nonnegative m m E), gram_error. Qed.

Lemma A_sum : A = plus A0 E.
Proof. sums_of_matrices. Qed.
Lemma A_bound : norm m m A <= A_norm b.
Proof.
  pose proof gram_error as G; unfold bound_holds in holds; destruct (before _ _ _) as [[α e2] P]; destruct holds as [_ [H _]].
  rewrite A_sum; eapply Rle_trans; [apply norm_triangle|]; pose proof A0_norm; lra.
Qed.
Lemma A_size : spectral m m A (y + e1 b).
Proof.
  rewrite A_sum; apply spectral_plus; [apply A0_size|].
  apply spectral_le with (norm m m E); [apply spectral_norm|apply gram_error].
Qed.

(** ‖p(A)‖. *)
Lemma exact_norm_bound : forall r v, least_below (ratio v * (s * F)) (rank * value v) (exact_norm v - (slope v * e1 b + remainder r y (e1 b))) ->
  (forall t, 0 <= t <= y -> Rabs (quotient r t) <= ratio v) -> (forall t, 0 <= t <= y -> Rabs (at_ r t) <= value v) ->
  (forall t t', 0 <= t <= y -> 0 <= t' <= y -> Rabs (divided r t t') <= slope v) -> norm m m (of_matrix m r A) <= exact_norm v.
Proof.
  intros r v H Hq Hv Hs.
  assert (Q0 : 0 <= ratio v) by (eapply Rle_trans; [apply Rabs_pos|apply (Hq y y_inside)]).
  assert (V0 : 0 <= value v) by (eapply Rle_trans; [apply Rabs_pos|apply (Hv y y_inside)]).
  assert (S0 : 0 <= slope v) by (eapply Rle_trans; [apply Rabs_pos|apply (Hs y y y_inside y_inside)]).
  assert (N : norm m m (of_matrix m r A0) <= exact_norm v - (slope v * e1 b + remainder r y (e1 b))).
  { destruct H as [H|H]; (eapply Rle_trans; [|exact H]).
    - eapply Rle_trans; [apply (polynomial_bound m A0 y u λ basis r (ratio v) Q0 Hq)|].
      apply Rmult_le_compat_l; [exact Q0|apply A0_norm].
    - eapply Rle_trans; [apply (polynomial_rank_bound m A0 y u λ basis r (value v) V0 Hv)|].
      apply Rmult_le_compat_r; assumption. }
  pose proof (remainder_bound m A0 E y (e1 b) A0_size gram_error r) as R.
  pose proof (derivative_bound m A0 y u λ basis r E (slope v) S0 Hs) as D.
  pose proof (Rmult_le_compat_l _ _ _ S0 gram_error); rewrite <- A_sum in R.
  set (B := of_matrix m r A) in *; set (B0 := of_matrix m r A0) in *; set (d := derivative m r A0 E) in *.
  replace B with (plus (plus B0 d) (minus (minus B B0) d)) by sums_of_matrices.
  eapply Rle_trans; [apply norm_triangle|]; pose proof (norm_triangle m m B0 d); lra.
Qed.

(** The stages: what each stores is near p(A). *)
Lemma stages_error : forall r α P, evaluated ar Km m A r α P -> forall bs, stages_hold (e1 b) (A_norm b) r bs ->
  match before (A_norm b) r bs with (α', e2, size) =>
    Rabs α = α' /\ norm m m (minus (scale α P) (of_matrix m r A)) <= e2 /\ norm m m P <= size end.
Proof.
  intros r α P H; induction H as [c|c r α H C P EH IH HC HP]; intros bs Hbs.
  - destruct bs as [|v [|]]; simpl in Hbs |- *; [|destruct Hbs as (_ & _ & _ & _ & _ & _ & [])..].
    repeat split; [|apply A_bound].
    replace (minus (scale c A) (plus (scale c A) (times m A zero))) with zero by (rewrite times_zero_right; sums_of_matrices).
    rewrite norm_zero; lra.
  - destruct bs as [|v bs]; [destruct r; [inversion EH|contradiction]|].
    assert (Hs : match before (A_norm b) r bs with (α', err, size) =>
      (forall t, 0 <= t <= y -> Rabs (quotient (c :: r) t) <= ratio v) /\
      (forall t, 0 <= t <= y -> Rabs (at_ (c :: r) t) <= value v) /\
      (forall t t', 0 <= t <= y -> 0 <= t' <= y -> Rabs (divided (c :: r) t t') <= slope v) /\
      least_below (ratio v * (s * F)) (rank * value v) (exact_norm v - (slope v * e1 b + remainder (c :: r) y (e1 b))) /\
      store ar (exact_norm v + (y + e1 b) * err)
        (γ' * α' * (A_norm b * size) + γ * Rabs c * A_norm b + underflow ar Lm m m m (Rmax α' (Rabs c)) (Rmax (A_norm b) size)) +
        (y + e1 b) * err <= error v /\
      exact_norm v + error v <= norm_of v /\ stages_hold (e1 b) (A_norm b) r bs end)
      by (destruct r; [inversion EH|exact Hbs]).
    clear Hbs; specialize (IH bs); destruct (before (A_norm b) r bs) as [[α' err] size].
    destruct Hs as (Hq & Hv & Hd & HN & He & Hn & Hbs); destruct (IH Hbs) as [Eα [Herr Hsize]]; clear IH; subst α'.
    pose proof (exact_norm_bound (c :: r) v HN Hq Hv Hd) as N.
    set (G := minus (scale α H) (of_matrix m r A)) in *; set (M := plus (scale α (times m A H)) (scale c A)).
    assert (EM : M = plus (of_matrix m (c :: r) A) (times m A G)).
    { unfold M, G; simpl; unfold minus; rewrite times_plus_right, !times_scale_right; sums_of_matrices. }
    assert (Ca : norm m m (times m A G) <= (y + e1 b) * err).
    { eapply Rle_trans; [apply (norm_spectral_left m m m A G _ A_size)|]; apply Rmult_le_compat_l; [apply A_size|exact Herr]. }
    assert (NM : norm m m M <= exact_norm v + (y + e1 b) * err).
    { rewrite EM; eapply Rle_trans; [apply norm_triangle|]; lra. }
    pose proof (stored_product ar sound Km Lm m m m α c A H A C P (A_norm b) size (A_norm b) (Rmax (A_norm b) size)
      (exact_norm v + (y + e1 b) * err) later HC HP A_bound Hsize A_bound) as S.
    assert (S' : norm m m (minus P M) <= store ar (exact_norm v + (y + e1 b) * err) (sums ar Km α c (A_norm b) size (A_norm b)) +
      underflow ar Lm m m m (Rmax (Rabs α) (Rabs c)) (Rmax (A_norm b) size)).
    { apply S; [| |exact NM]; intros i j Hi Hj.
      - eapply Rle_trans; [apply (entry_norm m m A i j Hi Hj)|]; eapply Rle_trans; [apply A_bound|apply Rmax_l].
      - eapply Rle_trans; [apply (entry_norm m m H i j Hi Hj)|]; eapply Rle_trans; [exact Hsize|apply Rmax_r]. }
    clear S; rename S' into S.
    assert (Err : norm m m (minus (scale 1 P) (of_matrix m (c :: r) A)) <= error v).
    { replace (minus (scale 1 P) (of_matrix m (c :: r) A)) with (plus (minus P M) (times m A G)) by (rewrite EM; sums_of_matrices).
      eapply Rle_trans; [apply norm_triangle|]; eapply Rle_trans; [|exact He].
      unfold store, sums in *; pose proof (underflow_nonnegative ar sound Lm m m m (Rmax (Rabs α) (Rabs c)) (Rmax (A_norm b) size)) as U.
      destruct sound as (_ & _ & _ & Hr & _); pose proof (Rmult_le_pos _ _ Hr U); lra. }
    simpl; split; [apply Rabs_R1|split; [exact Err|]].
    replace P with (plus (of_matrix m (c :: r) A) (minus (scale 1 P) (of_matrix m (c :: r) A))) by sums_of_matrices.
    eapply Rle_trans; [apply norm_triangle|]; lra.
Qed.

(** The step: f(X), and what is stored in its place. *)
Theorem step_error_in_basis : forall P α Y, evaluated ar Km m A row α P ->
  (exists C, product ar Km m m n α P X a X C /\ stored ar m n C Y) -> norm m n (minus Y (step m n a row X)) <= total b.
Proof.
  intros P α Y HP [C [HC HY]].
  pose proof (stages_error row α P HP (stages b)) as St; pose proof gram_error as Ge; unfold bound_holds in holds.
  destruct (before (A_norm b) row (stages b)) as [[α' e2] size].
  destruct holds as (_ & _ & Hst & W0 & HW & Hin & Hg & I0 & HI & HN & He3 & Ht).
  destruct (St Hst) as [Eα [Herr Hsize]]; clear St; subst α'.
  pose proof s_nonnegative as S0; pose proof F_nonnegative as F0.
  set (d := derivative m row A0 E); set (R0 := minus (minus (of_matrix m row A) (of_matrix m row A0)) d).
  set (G := minus (scale α P) (of_matrix m row A)) in *; set (f := step m n a row X).
  (* what P X differs from p(A0) X by *)
  assert (D : norm m n (times m d X) <= weight b * e1 b).
  { pose proof (carried_bound m A0 y u λ basis row E (weight b) W0 HW) as K; fold d in K; rewrite <- weighed_norm in K.
    apply Rle_trans with (weight b * norm m m E); [|apply Rmult_le_compat_l; assumption].
    apply Rsqr_incr_0_var; [unfold Rsqr; lra|apply Rmult_le_pos; [exact W0|apply norm_nonnegative]]. }
  assert (R : norm m n (times m R0 X) <= s * remainder row y (e1 b)).
  { eapply Rle_trans; [apply norm_spectral_right, X_size|]; apply Rmult_le_compat_l; [exact S0|].
    pose proof (remainder_bound m A0 E y (e1 b) A0_size Ge row) as R; rewrite <- A_sum in R; exact R. }
  assert (Q : norm m n (times m G X) <= s * e2).
  { eapply Rle_trans; [apply norm_spectral_right, X_size|]; apply Rmult_le_compat_l; assumption. }
  set (inn := plus (plus (times m d X) (times m R0 X)) (times m G X)).
  assert (In : norm m n inn <= inner b).
  { unfold inn; eapply Rle_trans; [apply norm_triangle|]; pose proof (norm_triangle m n (times m d X) (times m R0 X)); lra. }
  (* ‖f(X)‖ *)
  assert (Fn : norm m n f <= image_norm b).
  { assert (Ef : norm m n f = norm m n (times m (plus (scale a one) (of_matrix m row A0)) X)).
    { apply norm_ext; intros i j Hi Hj; unfold f, step; rewrite times_plus_left, times_scale_left; unfold plus, scale.
      f_equal; f_equal; unfold times at 1; symmetry; apply (sum_one m i (fun l => X l j)), Hi. }
    assert (G0 : 0 <= gain b) by (eapply Rle_trans; [apply Rabs_pos|apply (Hg y y_inside)]).
    destruct HN as [HN|HN]; (eapply Rle_trans; [|exact HN]); rewrite Ef.
    - apply Rle_trans with (gain b * norm m n X); [|apply Rmult_le_compat_l; assumption].
      pose proof (image_bound m A0 y u λ basis a row (gain b) G0 Hg) as K; rewrite <- !weighed_norm in K.
      replace (norm m n (times m one X)) with (norm m n X) in K
        by (apply norm_ext; intros i j Hi Hj; unfold times; symmetry; apply (sum_one m i (fun l => X l j)), Hi).
      apply Rsqr_incr_0_var; [unfold Rsqr; lra|apply Rmult_le_pos; [exact G0|apply norm_nonnegative]].
    - apply Rle_trans with (sqrt (INR m) * image b); [|apply Rmult_le_compat_r; assumption].
      pose proof (image_rank_bound m A0 y u λ basis a row (image b) I0 HI) as K; rewrite <- weighed_norm in K.
      apply Rsqr_incr_0_var; [|apply Rmult_le_pos; [apply sqrt_pos|exact I0]]; unfold Rsqr.
      pose proof (sqrt_sqrt (INR m) (pos_INR m)) as Sq.
      replace (sqrt (INR m) * image b * (sqrt (INR m) * image b)) with (sqrt (INR m) * sqrt (INR m) * image b ^ 2) by ring.
      rewrite Sq; lra. }
  (* the last product *)
  set (M := plus (scale α (times m P X)) (scale a X)).
  assert (EM : M = plus f inn).
  { unfold M, f, step, inn, R0, G, minus; rewrite !times_plus_left, !times_scale_left; sums_of_matrices. }
  assert (NM : norm m n M <= image_norm b + inner b) by (rewrite EM; eapply Rle_trans; [apply norm_triangle|]; lra).
  assert (L : norm m n (minus Y M) <= store ar (image_norm b + inner b) (sums ar Km α a size F F) +
    underflow ar Lm m n m (Rmax (Rabs α) (Rabs a)) (Rmax size s)).
  { apply (stored_product ar sound Km Lm m m n α a P X X C Y size F F (Rmax size s) _ later HC HY Hsize X_norm X_norm); [| |exact NM];
      intros i j Hi Hj.
    - eapply Rle_trans; [apply (entry_norm m m P i j Hi Hj)|]; eapply Rle_trans; [exact Hsize|apply Rmax_l].
    - eapply Rle_trans; [apply (entry_spectral i j Hi Hj)|apply Rmax_r]. }
  replace (minus Y f) with (plus (minus Y M) inn) by (rewrite EM; sums_of_matrices).
  eapply Rle_trans; [apply norm_triangle|]; unfold store, sums in *.
  pose proof (underflow_nonnegative ar sound Lm m n m (Rmax (Rabs α) (Rabs a)) (Rmax size s)) as U.
  destruct sound as (_ & _ & _ & Hr & _); pose proof (Rmult_le_pos _ _ Hr U); lra.
Qed.

End Computed.

End Bound.
