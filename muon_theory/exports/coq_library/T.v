(** * What polynomials of X Xᵀ do, for every matrix X

    The bounds of Eigenbases.v hold for every X Xᵀ: they hold for matrices as near to
    it as one likes, which are diagonal in an orthonormal basis, and both sides
    depend continuously on the matrix. So no spectral theorem is needed. *)

From Coq Require Import Reals List FunctionalExtensionality Lra Lia.
From MuonTheory Require Import Vectors Matrices MatrixPolynomials Eigenbases Diagonal.
Import ListNotations.
Local Open Scope R_scope.

(** ** Continuity *)

Lemma within_of : forall x e, Rabs x <= e -> - e <= x <= e.
Proof. intros x e H; unfold Rabs in H; destruct (Rcase_abs x); lra. Qed.

Section Continuity.

Variables (m : nat) (A : matrix).

(** Of a map from matrices to matrices, and to numbers, at A. *)
Definition continuous_at (f : matrix -> matrix) : Prop := forall ε, 0 < ε -> exists δ, 0 < δ /\
  forall B, norm m m (minus B A) <= δ -> norm m m (minus (f B) (f A)) <= ε.
Definition number_continuous_at (f : matrix -> R) : Prop := forall ε, 0 < ε -> exists δ, 0 < δ /\
  forall B, norm m m (minus B A) <= δ -> Rabs (f B - f A) <= ε.

Lemma continuous_identity : continuous_at (fun B => B).
Proof. intros ε Hε; exists ε; auto. Qed.
Lemma continuous_constant : forall C, continuous_at (fun _ => C).
Proof. intros C ε Hε; exists 1; split; [lra|]; intros B _; replace (minus C C) with zero by sums_of_matrices; rewrite norm_zero; lra. Qed.
Lemma continuous_plus : forall f g, continuous_at f -> continuous_at g -> continuous_at (fun B => plus (f B) (g B)).
Proof.
  intros f g Hf Hg ε Hε; destruct (Hf (ε / 2) ltac:(lra)) as (d & D & Hd), (Hg (ε / 2) ltac:(lra)) as (e & E & He).
  exists (Rmin d e); split; [apply Rmin_pos; assumption|]; intros B HB.
  specialize (Hd B (Rle_trans _ _ _ HB (Rmin_l d e))); specialize (He B (Rle_trans _ _ _ HB (Rmin_r d e))).
  replace (minus (plus (f B) (g B)) (plus (f A) (g A))) with (plus (minus (f B) (f A)) (minus (g B) (g A))) by sums_of_matrices.
  eapply Rle_trans; [apply norm_triangle|]; lra.
Qed.
Lemma continuous_times : forall f g, continuous_at f -> continuous_at g -> continuous_at (fun B => times m (f B) (g B)).
Proof.
  intros f g Hf Hg ε Hε; pose proof (norm_nonnegative m m (f A)) as F0; pose proof (norm_nonnegative m m (g A)) as G0.
  set (K := norm m m (f A) + norm m m (g A) + 1); set (η := Rmin 1 (ε / (2 * K))).
  assert (Hη : 0 < η) by (apply Rmin_pos; [lra|apply Rdiv_lt_0_compat; unfold K; lra]).
  destruct (Hf η Hη) as (d & D & Hd), (Hg η Hη) as (e & E & He).
  exists (Rmin d e); split; [apply Rmin_pos; assumption|]; intros B HB.
  specialize (Hd B (Rle_trans _ _ _ HB (Rmin_l d e))); specialize (He B (Rle_trans _ _ _ HB (Rmin_r d e))).
  replace (minus (times m (f B) (g B)) (times m (f A) (g A)))
    with (plus (times m (minus (f B) (f A)) (g B)) (times m (f A) (minus (g B) (g A)))).
  2:{ unfold minus; rewrite times_plus_left, times_plus_right, times_scale_left, times_scale_right; sums_of_matrices. }
  eapply Rle_trans; [apply norm_triangle|].
  pose proof (norm_times m m m (minus (f B) (f A)) (g B)) as N1; pose proof (norm_times m m m (f A) (minus (g B) (g A))) as N2.
  assert (GB : norm m m (g B) <= norm m m (g A) + 1).
  { replace (g B) with (plus (g A) (minus (g B) (g A))) by sums_of_matrices; eapply Rle_trans; [apply norm_triangle|].
    pose proof (Rmin_l 1 (ε / (2 * K))); fold η in H; lra. }
  assert (M1 : norm m m (minus (f B) (f A)) * norm m m (g B) <= η * K)
    by (apply Rmult_le_compat; try apply norm_nonnegative; [exact Hd|unfold K; lra]).
  assert (M2 : norm m m (f A) * norm m m (minus (g B) (g A)) <= K * η)
    by (apply Rmult_le_compat; try apply norm_nonnegative; [unfold K; lra|exact He]).
  assert (η * K <= ε / 2); [|lra].
  apply Rle_trans with (ε / (2 * K) * K); [apply Rmult_le_compat_r; [unfold K; lra|apply Rmin_r]|].
  right; field; unfold K; lra.
Qed.
Lemma continuous_scale : forall c f, continuous_at f -> continuous_at (fun B => scale c (f B)).
Proof.
  intros c f Hf ε Hε; pose proof (Rabs_pos c).
  destruct (Hf (ε / (Rabs c + 1)) ltac:(apply Rdiv_lt_0_compat; lra)) as (d & D & Hd).
  exists d; split; [exact D|]; intros B HB; specialize (Hd B HB).
  replace (minus (scale c (f B)) (scale c (f A))) with (scale c (minus (f B) (f A))) by sums_of_matrices.
  rewrite norm_scale; apply Rle_trans with (Rabs c * (ε / (Rabs c + 1))); [apply Rmult_le_compat_l; assumption|].
  replace ε with ((Rabs c + 1) * (ε / (Rabs c + 1))) at 2 by (field; lra); apply Rmult_le_compat_r; [|lra].
  apply Rlt_le, Rdiv_lt_0_compat; lra.
Qed.

Lemma continuous_norm : forall f, continuous_at f -> number_continuous_at (fun B => norm m m (f B)).
Proof.
  intros f Hf ε Hε; destruct (Hf ε Hε) as (d & D & Hd); exists d; split; [exact D|]; intros B HB; specialize (Hd B HB).
  pose proof (norm_triangle m m (f A) (minus (f B) (f A))) as T1; pose proof (norm_triangle m m (f B) (minus (f A) (f B))) as T2.
  replace (plus (f A) (minus (f B) (f A))) with (f B) in T1 by sums_of_matrices.
  replace (plus (f B) (minus (f A) (f B))) with (f A) in T2 by sums_of_matrices.
  replace (minus (f A) (f B)) with (scale (-1) (minus (f B) (f A))) in T2 by sums_of_matrices.
  rewrite norm_scale, (Rabs_left (-1)) in T2 by lra; apply Rabs_le; lra.
Qed.
(** Twice what is weighed is a difference of squares of norms. *)
Lemma polarised : forall B M, 4 * weighed m B M = norm m m (plus (times m M B) M) ^ 2 - norm m m (minus (times m M B) M) ^ 2.
Proof.
  intros B M; rewrite !norm_squared; unfold weighed, dot.
  replace (sum m _ - sum m _) with (sum m (fun i => sum m (fun j => plus (times m M B) M i j ^ 2) +
    -1 * sum m (fun j => minus (times m M B) M i j ^ 2))) by (rewrite sum_plus, sum_scale; ring).
  rewrite <- sum_scale; apply sum_ext; intros i _; rewrite <- !sum_scale, <- sum_plus; apply sum_ext; intros j _.
  unfold minus, plus, scale; ring.
Qed.
Lemma continuous_square : forall f, number_continuous_at f -> number_continuous_at (fun B => f B ^ 2).
Proof.
  intros f Hf ε Hε; pose proof (Rabs_pos (f A)) as P; set (K := 2 * Rabs (f A) + 1).
  assert (H : 0 < Rmin 1 (ε / K)) by (apply Rmin_pos; [lra|apply Rdiv_lt_0_compat; unfold K; lra]).
  destruct (Hf _ H) as (d & D & Hd); exists d; split; [exact D|]; intros B HB; specialize (Hd B HB).
  replace (f B ^ 2 - f A ^ 2) with ((f B - f A) * ((f B - f A) + 2 * f A)) by ring; rewrite Rabs_mult.
  pose proof (Rabs_triang (f B - f A) (2 * f A)) as T; rewrite Rabs_mult, (Rabs_pos_eq 2) in T by lra.
  pose proof (Rmin_l 1 (ε / K)); pose proof (Rmin_r 1 (ε / K)).
  apply Rle_trans with (ε / K * K); [|right; field; unfold K; lra].
  apply Rmult_le_compat; try apply Rabs_pos; unfold K in *; lra.
Qed.
Lemma continuous_weighed : forall f, continuous_at f -> number_continuous_at (fun B => weighed m B (f B)).
Proof.
  intros f Hf; assert (P : continuous_at (fun B => times m (f B) B)) by (apply continuous_times; [exact Hf|apply continuous_identity]).
  assert (N1 : number_continuous_at (fun B => norm m m (plus (times m (f B) B) (f B)) ^ 2))
    by (apply continuous_square, continuous_norm, continuous_plus; assumption).
  assert (N2 : number_continuous_at (fun B => norm m m (minus (times m (f B) B) (f B)) ^ 2))
    by (apply continuous_square, continuous_norm, continuous_plus; [|apply continuous_scale]; assumption).
  intros ε Hε; destruct (N1 ε Hε) as (d & D & Hd), (N2 ε Hε) as (e & E & He).
  exists (Rmin d e); split; [apply Rmin_pos; assumption|]; intros B HB.
  specialize (Hd B (Rle_trans _ _ _ HB (Rmin_l d e))); specialize (He B (Rle_trans _ _ _ HB (Rmin_r d e))).
  pose proof (polarised B (f B)); pose proof (polarised A (f A)).
  apply within_of in Hd; apply within_of in He; apply Rabs_le; lra.
Qed.
Lemma number_times : forall c f, number_continuous_at f -> number_continuous_at (fun B => c * f B).
Proof.
  intros c f Hf ε Hε; pose proof (Rabs_pos c).
  destruct (Hf (ε / (Rabs c + 1)) ltac:(apply Rdiv_lt_0_compat; lra)) as (d & D & Hd).
  exists d; split; [exact D|]; intros B HB; specialize (Hd B HB).
  replace (c * f B - c * f A) with (c * (f B - f A)) by ring; rewrite Rabs_mult.
  apply Rle_trans with ((Rabs c + 1) * (ε / (Rabs c + 1))); [|right; field; lra].
  apply Rmult_le_compat; try lra; [apply Rabs_pos].
Qed.
Lemma number_constant : forall c, number_continuous_at (fun _ => c).
Proof. intros c ε Hε; exists 1; split; [lra|]; intros; rewrite Rminus_diag_eq, Rabs_R0 by reflexivity; lra. Qed.

Lemma continuous_polynomial : forall row, continuous_at (of_matrix m row).
Proof.
  induction row as [|c r IH]; simpl; [apply continuous_constant|].
  apply continuous_plus; [apply continuous_scale, continuous_identity|apply continuous_times; [apply continuous_identity|exact IH]].
Qed.
Lemma continuous_derivative : forall row E, continuous_at (fun B => derivative m row B E).
Proof.
  induction row as [|c r IH]; intros E; simpl; [apply continuous_constant|].
  apply continuous_plus; [apply continuous_plus|]; [apply continuous_constant|apply continuous_times|apply continuous_times].
  - apply continuous_constant.
  - apply continuous_polynomial.
  - apply continuous_identity.
  - apply IH.
Qed.

(** ** Matrices near A that have a basis of eigenvectors *)

Variable y : R.
Hypothesis symmetric : forall i j, (i < m)%nat -> (j < m)%nat -> A i j = A j i.
Hypothesis between : forall v, dot m v v = 1 -> 0 <= form m A v v <= y.

Lemma near : forall δ, 0 < δ -> exists B u λ, norm m m (minus B A) <= δ /\ eigenbasis m B y u λ.
Proof.
  intros δ Hδ; set (K := INR m * INR m + 1); assert (HK : 1 <= K) by (unfold K; pose proof (pos_INR m); nra).
  destruct (nearly_diagonal m A symmetric (δ ^ 2 / K)) as (u & Hu & Hoff).
  { apply Rdiv_lt_0_compat; [apply pow_lt, Hδ|lra]. }
  set (λ := fun k => form m A (u k) (u k)); set (B := fun i j => sum m (fun k => λ k * (u k i * u k j)) : R).
  assert (O : forall k, (k < m)%nat -> dot m (u k) (u k) = 1)
    by (intros k Hk; rewrite (products_of _ _ Hu) by assumption; unfold one; rewrite Nat.eqb_refl; reflexivity).
  assert (L : forall k j, (k < m)%nat -> times m u B k j = λ k * u k j).
  { intros k j Hk; unfold times, B.
    rewrite (sum_ext m _ (fun i => sum m (fun l => λ l * u l j * (u k i * u l i)))) by (intros; rewrite <- sum_scale; apply sum_ext; intros; cbv beta; ring).
    rewrite sum_exchange, (sum_ext m _ (fun l => one k l * (λ l * u l j))).
    - apply (sum_one m k (fun l => λ l * u l j)), Hk.
    - intros l Hl; rewrite sum_scale, <- (products_of _ _ Hu k l Hk Hl); unfold dot; ring. }
  assert (S : forall i j, B i j = B j i) by (intros; unfold B; apply sum_ext; intros; ring).
  assert (EB : eigenbasis m B y u λ).
  { split; [exact Hu|intros; apply L; assumption| |intros k Hk; apply between, O, Hk].
    intros k i Hk Hi; rewrite <- (L k i Hk); unfold times, transpose; apply sum_ext; intros; Show. rewrite (S i x); ring. }
  exists B, u, λ; split; [|exact EB].
  rewrite (norm_coordinates m u Hu); apply norm_le; [lra|].
  apply Rle_trans with (sum m (fun _ => sum m (fun _ => δ ^ 2 / K))).
  - apply sum_le; intros k Hk; apply sum_le; intros l Hl.
    assert (E : coordinates m u (minus B A) k l = λ k * one k l - form m A (u k) (u l)).
    { unfold minus; rewrite coordinates_plus, coordinates_scale, coordinates_form.
      replace (coordinates m u B k l) with (λ k * one k l); [ring|].
      rewrite <- (products_of _ _ Hu k l Hk Hl); unfold coordinates, times at 1, dot; rewrite <- sum_scale; apply sum_ext; intros i Hi.
      rewrite L by assumption; unfold transpose; ring. }
    rewrite E; unfold one; destruct (Nat.eqb_spec k l) as [<-|Ne].
    + unfold λ; replace (form m A (u k) (u k) * 1 - form m A (u k) (u k)) with 0 by ring.
      simpl; rewrite Rmult_0_l; apply Rlt_le, Rdiv_lt_0_compat; [pose proof (pow_lt δ 2 Hδ); simpl in *; lra|lra].
    + replace ((λ k * 0 - form m A (u k) (u l)) ^ 2) with (form m A (u k) (u l) ^ 2) by ring; apply Hoff; assumption.
  - rewrite !sum_constant; apply Rle_trans with (K * (δ ^ 2 / K)); [|right; field; lra].
    rewrite <- Rmult_assoc; apply Rmult_le_compat_r; [apply Rlt_le, Rdiv_lt_0_compat; [apply pow_lt, Hδ|lra]|unfold K; lra].
Qed.

(** What holds wherever there is such a basis holds at A. *)
Theorem by_continuity : forall f g, number_continuous_at f -> number_continuous_at g ->
  (forall B u λ, eigenbasis m B y u λ -> f B <= g B) -> f A <= g A.
Proof.
  intros f g Hf Hg H; apply Rnot_lt_le; intros C; set (ε := (f A - g A) / 4).
  destruct (Hf ε ltac:(unfold ε; lra)) as (d & D & Hd), (Hg ε ltac:(unfold ε; lra)) as (e & E & He).
  destruct (near (Rmin d e) (Rmin_pos d e D E)) as (B & u & λ & HB & EB).
  specialize (Hd B (Rle_trans _ _ _ HB (Rmin_l d e))); specialize (He B (Rle_trans _ _ _ HB (Rmin_r d e))); specialize (H B u λ EB).
  apply within_of in Hd; apply within_of in He; unfold ε in *; lra.
Qed.

End Continuity.

(** ** The bounds *)

Section Gram.

Variables (m n : nat) (X : matrix) (s : R).
Hypothesis X_size : spectral m n X s.
Notation A := (times n X (transpose X)).
Notation y := (s ^ 2).

Lemma gram_symmetric : forall i j, (i < m)%nat -> (j < m)%nat -> A i j = A j i.
Proof. intros; unfold times, transpose; apply sum_ext; intros; ring. Qed.

(** v X Xᵀ v = |v X|² ≤ s² |v|². *)
Lemma gram_between : forall v, dot m v v = 1 -> 0 <= form m A v v <= y.
Proof.
  intros v Hv; destruct (spectral_transpose m n X s X_size) as [Hs H]; specialize (H v).
  assert (E : form m A v v = size n (fun i => sum m (fun j => transpose X i j * v j)) ^ 2).
  { rewrite size_squared; unfold form, dot.
    rewrite (sum_ext m _ (fun i => sum n (fun l => sum m (fun j => v i * X i l * (X j l * v j))))).
    - rewrite sum_exchange; apply sum_ext; intros l _; unfold transpose.
      replace (sum m (fun j => X j l * v j) ^ 2) with (sum m (fun j => X j l * v j) * sum m (fun j => X j l * v j)) by ring.
      rewrite <- sum_scale_right; apply sum_ext; intros i _; rewrite <- sum_scale; apply sum_ext; intros; ring.
    - intros i _; rewrite sum_exchange, <- sum_scale; apply sum_ext; intros j _; unfold times, transpose.
      rewrite <- sum_scale_right, <- sum_scale; apply sum_ext; intros; ring. }
  assert (V : size m v = 1).
  { unfold size; rewrite (sum_ext m _ (fun i => v i * v i)) by (intros; ring); unfold dot in Hv; rewrite Hv; apply sqrt_1. }
  rewrite E, V, Rmult_1_r in *; split; [apply pow2_ge_0|apply pow_incr; split; [apply size_nonnegative|exact H]].
Qed.

Notation continuity := (by_continuity m A y gram_symmetric gram_between).

Theorem gram_derivative : forall row E K, 0 <= K ->
  (forall a b, 0 <= a <= y -> 0 <= b <= y -> Rabs (divided row a b) <= K) -> norm m m (derivative m row A E) <= K * norm m m E.
Proof.
  intros row E K HK H; apply (continuity (fun B => norm m m (derivative m row B E)) (fun _ => K * norm m m E)).
  - apply continuous_norm, continuous_derivative.
  - apply number_constant.
  - intros B u λ EB; apply (derivative_bound m B y u λ EB); assumption.
Qed.

Theorem gram_polynomial : forall row K, 0 <= K -> (forall a, 0 <= a <= y -> Rabs (quotient row a) <= K) ->
  norm m m (of_matrix m row A) <= K * norm m m A.
Proof.
  intros row K HK H; apply (continuity (fun B => norm m m (of_matrix m row B)) (fun B => K * norm m m B)).
  - apply continuous_norm, continuous_polynomial.
  - apply number_times, continuous_norm, continuous_identity.
  - intros B u λ EB; apply (polynomial_bound m B y u λ EB); assumption.
Qed.

Theorem gram_polynomial_rank : forall row K, 0 <= K -> (forall a, 0 <= a <= y -> Rabs (at_ row a) <= K) ->
  norm m m (of_matrix m row A) <= sqrt (INR m) * K.
Proof.
  intros row K HK H; apply (continuity (fun B => norm m m (of_matrix m row B)) (fun _ => sqrt (INR m) * K)).
  - apply continuous_norm, continuous_polynomial.
  - apply number_constant.
  - intros B u λ EB; apply (polynomial_rank_bound m B y u λ EB); assumption.
Qed.

Lemma root_of_squares : forall x K, 0 <= K -> x ^ 2 <= K ^ 2 -> x <= K.
Proof. intros x K HK H; apply Rsqr_incr_0_var; [unfold Rsqr; lra|exact HK]. Qed.

(** ‖p'(A)[E] X‖ ≤ K ‖E‖. *)
Theorem gram_carried : forall row E K, 0 <= K ->
  (forall a b, 0 <= a <= y -> 0 <= b <= y -> b * divided row a b ^ 2 <= K ^ 2) ->
  norm m n (times m (derivative m row A E) X) <= K * norm m m E.
Proof.
  intros row E K HK H; apply root_of_squares; [apply Rmult_le_pos; [exact HK|apply norm_nonnegative]|]; rewrite weighed_norm.
  apply (continuity (fun B => weighed m B (derivative m row B E)) (fun _ => (K * norm m m E) ^ 2)).
  - apply continuous_weighed, continuous_derivative.
  - apply number_constant.
  - intros B u λ EB; apply (carried_bound m B y u λ EB); assumption.
Qed.

(** ‖f(X)‖, f(X) = (a + p(A)) X. *)
Lemma gram_one : norm m n (times m one X) = norm m n X.
Proof. apply norm_ext; intros i j Hi Hj; unfold times; apply (sum_one m i (fun l => X l j)), Hi. Qed.

Theorem gram_image : forall a row K, 0 <= K -> (forall b, 0 <= b <= y -> Rabs (a + at_ row b) <= K) ->
  norm m n (times m (plus (scale a one) (of_matrix m row A)) X) <= K * norm m n X.
Proof.
  intros a row K HK H; apply root_of_squares; [apply Rmult_le_pos; [exact HK|apply norm_nonnegative]|].
  rewrite Rpow_mult_distr, <- gram_one, !weighed_norm.
  apply (continuity (fun B => weighed m B (plus (scale a one) (of_matrix m row B))) (fun B => K ^ 2 * weighed m B one)).
  - apply continuous_weighed, continuous_plus; [apply continuous_constant|apply continuous_polynomial].
  - apply number_times, continuous_weighed, continuous_constant.
  - intros B u λ EB; apply (image_bound m B y u λ EB); assumption.
Qed.

Theorem gram_image_rank : forall a row K, 0 <= K -> (forall b, 0 <= b <= y -> b * (a + at_ row b) ^ 2 <= K ^ 2) ->
  norm m n (times m (plus (scale a one) (of_matrix m row A)) X) <= sqrt (INR m) * K.
Proof.
  intros a row K HK H; apply root_of_squares; [apply Rmult_le_pos; [apply sqrt_pos|exact HK]|].
  rewrite Rpow_mult_distr, pow2_sqrt, weighed_norm by apply pos_INR.
  apply (continuity (fun B => weighed m B (plus (scale a one) (of_matrix m row B))) (fun _ => INR m * K ^ 2)).
  - apply continuous_weighed, continuous_plus; [apply continuous_constant|apply continuous_polynomial].
  - apply number_constant.
  - intros B u λ EB; apply (image_rank_bound m B y u λ EB); assumption.
Qed.

End Gram.
