(** * Coefficients that are not quite those of the schedule, and the weights of tier W

    What runs has its coefficients in a format. And two ways to bound the divided
    differences that a step's bound asks for: by the derivative, and for degree
    five by two polynomials. *)

From Coq Require Import Reals List Lra Lia.
From MuonTheory Require Import RoundedSums Vectors Matrices MatrixPolynomials RoundedProducts RoundedSteps Rounding.
Import ListNotations.
Local Open Scope R_scope.

(** ** Divided differences *)

(** The derivative of p is p[t, t]. *)
Lemma at_derivative : forall row t, derivable_pt_lim (at_ row) t (divided row t t).
Proof.
  induction row as [|c r IH]; intros t; simpl; [apply derivable_pt_lim_const|].
  replace (c + at_ r t + t * divided r t t) with (c * 1 + (1 * at_ r t + t * divided r t t)) by ring.
  apply (derivable_pt_lim_plus (fun x => c * x) (fun x => x * at_ r x)).
  - apply (derivable_pt_lim_scal id c t 1), derivable_pt_lim_id.
  - apply (derivable_pt_lim_mult id (at_ r) t 1 (divided r t t)); [apply derivable_pt_lim_id|apply IH].
Qed.

(** So k1 = max |p'| bounds p[t, t'], by the mean value theorem. *)
Theorem divided_by_derivative : forall row y K, (forall t, 0 <= t <= y -> Rabs (divided row t t) <= K) ->
  forall t t', 0 <= t <= y -> 0 <= t' <= y -> Rabs (divided row t t') <= K.
Proof.
  intros row y K H t t' Ht Ht'; destruct (Req_dec t t') as [<-|Ne]; [apply H, Ht|].
  assert (M : exists c, 0 <= c <= y /\ divided row t t' = divided row c c).
  { pose proof (divided_difference row t t') as D.
    assert (G : forall a b, a < b -> 0 <= a -> b <= y ->
      exists c, 0 <= c <= y /\ at_ row b - at_ row a = divided row c c * (b - a)).
    { intros a b Hab Ha Hb.
      destruct (MVT_cor2 (at_ row) (fun x => divided row x x) a b Hab (fun x _ => at_derivative row x)) as (c & E & Hc).
      exists c; split; [lra|exact E]. }
    destruct (Rle_or_lt t t') as [L|L].
    - destruct (G t t' ltac:(lra) ltac:(lra) ltac:(lra)) as (c & Hc & E); exists c; split; [exact Hc|].
      apply Rmult_eq_reg_r with (t - t'); lra.
    - destruct (G t' t L ltac:(lra) ltac:(lra)) as (c & Hc & E); exists c; split; [exact Hc|].
      apply Rmult_eq_reg_r with (t - t'); lra. }
  destruct M as (c & Hc & ->); apply H, Hc.
Qed.

(** A weight for every degree: s times a bound of the divided differences. *)
Theorem weight_by_slope : forall row s K, 0 <= s ->
  (forall t t', 0 <= t <= s ^ 2 -> 0 <= t' <= s ^ 2 -> Rabs (divided row t t') <= K) ->
  forall t t', 0 <= t <= s ^ 2 -> 0 <= t' <= s ^ 2 -> t' * divided row t t' ^ 2 <= (s * K) ^ 2.
Proof.
  intros row s K Hs H t t' Ht Ht'; specialize (H t t' Ht Ht'); rewrite Rpow_mult_distr.
  apply Rmult_le_compat; try lra; [apply pow2_ge_0|].
  rewrite <- pow2_abs; apply pow_incr; split; [apply Rabs_pos|exact H].
Qed.

(** For p(t) = b t + c t², p[t, σ²] σ is linear in t: its largest modulus is at t = 0 or t = s². *)
Theorem weight_of_quintic : forall b c s K, 0 <= s ->
  (forall σ, 0 <= σ <= s -> Rabs (σ * (b + c * σ ^ 2)) <= K) ->
  (forall σ, 0 <= σ <= s -> Rabs (σ * (b + c * s ^ 2 + c * σ ^ 2)) <= K) ->
  forall t t', 0 <= t <= s ^ 2 -> 0 <= t' <= s ^ 2 -> t' * divided [b; c] t t' ^ 2 <= K ^ 2.
Proof.
  intros b c s K Hs H0 H1 t t' Ht Ht'; set (σ := sqrt t').
  assert (Sq : σ ^ 2 = t') by (apply pow2_sqrt; lra).
  assert (Hσ : 0 <= σ <= s) by (split; [apply sqrt_pos|rewrite <- (sqrt_pow2 s Hs); apply sqrt_le_1_alt; lra]).
  specialize (H0 σ Hσ); specialize (H1 σ Hσ).
  replace (t' * divided [b; c] t t' ^ 2) with ((σ * (b + c * σ ^ 2 + c * t)) ^ 2) by (rewrite <- Sq; simpl; ring).
  rewrite <- pow2_abs; apply pow_incr; split; [apply Rabs_pos|].
  destruct (Req_dec (s ^ 2) 0) as [Z|N].
  - replace (b + c * σ ^ 2 + c * t) with (b + c * σ ^ 2) by (replace t with 0 by lra; ring); exact H0.
  - set (r := t / s ^ 2); assert (Hr : 0 <= r <= 1).
    { unfold r; split; [apply Rmult_le_pos; [lra|apply Rlt_le, Rinv_0_lt_compat; lra]|].
      apply Rmult_le_reg_r with (s ^ 2); [lra|]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l by exact N; lra. }
    replace (σ * (b + c * σ ^ 2 + c * t))
      with ((1 - r) * (σ * (b + c * σ ^ 2)) + r * (σ * (b + c * s ^ 2 + c * σ ^ 2))) by (unfold r; field; intros ->; apply N; ring).
    eapply Rle_trans; [apply Rabs_triang|]; rewrite !Rabs_mult, (Rabs_pos_eq r), (Rabs_pos_eq (1 - r)) by lra.
    pose proof (Rmult_le_compat_l (1 - r) _ _ ltac:(lra) H0); rewrite Rabs_mult in H.
    pose proof (Rmult_le_compat_l r _ _ ltac:(lra) H1); rewrite Rabs_mult in H2; lra.
Qed.

(** ** Coefficients *)

(** |c - c'| for each; rows are of one length. *)
Fixpoint gaps (row row' : list R) : list R :=
  match row, row' with c :: r, c' :: r' => Rabs (c - c') :: gaps r r' | _, _ => [] end.

Lemma polynomials_apart : forall m A y, spectral m m A y -> forall row row', length row = length row' ->
  spectral m m (minus (of_matrix m row A) (of_matrix m row' A)) (at_ (gaps row row') y).
Proof.
  intros m A y H; induction row as [|c r IH]; intros [|c' r'] E; simpl in E; try discriminate; simpl.
  - replace (minus zero zero) with zero by sums_of_matrices.
    apply spectral_le with (norm m m zero); [apply spectral_norm|rewrite norm_zero; lra].
  - replace (minus (plus (scale c A) (times m A (of_matrix m r A))) (plus (scale c' A) (times m A (of_matrix m r' A))))
      with (plus (scale (c - c') A) (times m A (minus (of_matrix m r A) (of_matrix m r' A)))).
    + apply spectral_plus; [apply spectral_scale|apply spectral_times; [|apply IH; lia]]; assumption.
    + unfold minus; rewrite times_plus_right, times_scale_right; sums_of_matrices.
Qed.

(** What a step that runs with other coefficients than f's differs from f(X) by, in both norms. *)
Theorem rounded_step_of : forall c, constants_hold c -> forall X,
  spectral (rows c) (columns c) X (top c) -> norm (rows c) (columns c) X <= frobenius c ->
  forall a row b a' row' Y, length row = length row' -> bound_holds c a row b ->
  step_runs (arithmetic_of c) (first_roundings c) (roundings_of c) (rows c) (columns c) a row X Y ->
  let E := minus Y (step (rows c) (columns c) a' row' X) in
  let g := Rabs (a - a') + at_ (gaps row row') (top c ^ 2) in
  norm (rows c) (columns c) E <= total b + g * frobenius c /\ spectral (rows c) (columns c) E (total b + g * top c).
Proof.
  intros c Hc X Xs Xn a row b a' row' Y Len Hb HY E g.
  pose proof (rounded_step c Hc X Xs Xn a row b Y Hb HY) as T.
  set (m := rows c) in *; set (n := columns c) in *; set (A := times n X (transpose X)).
  assert (As : spectral m m A (top c ^ 2)).
  { replace (top c ^ 2) with (top c * top c) by ring; apply spectral_times; [exact Xs|apply spectral_transpose, Xs]. }
  pose proof (polynomials_apart m A (top c ^ 2) As row row' Len) as P.
  set (D := minus (of_matrix m row A) (of_matrix m row' A)) in *; set (M := minus Y (step m n a row X)) in *.
  assert (EM : E = plus M (plus (scale (a - a') X) (times m D X))).
  { unfold E, M, D, step; fold A; unfold minus; rewrite times_plus_left, times_scale_left; sums_of_matrices. }
  rewrite EM; split.
  - eapply Rle_trans; [apply norm_triangle|]; pose proof (norm_triangle m n (scale (a - a') X) (times m D X)) as T2.
    pose proof (norm_spectral_left m m n D X _ P) as N; rewrite norm_scale in T2; unfold g.
    pose proof (Rmult_le_compat_l _ _ _ (Rabs_pos (a - a')) Xn); destruct P as [P0 _].
    pose proof (Rmult_le_compat_l _ _ _ P0 Xn); lra.
  - unfold g; rewrite Rmult_plus_distr_r; apply spectral_plus.
    + apply spectral_le with (norm m n M); [apply spectral_norm|exact T].
    + apply spectral_plus; [apply spectral_scale, Xs|apply spectral_times; assumption].
Qed.
