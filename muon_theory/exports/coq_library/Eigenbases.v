(** * Polynomials of a matrix, in a basis of its eigenvectors

    If A has an orthonormal basis of eigenvectors, an entry there of the derivative
    p'(A)[E] is that of E times a divided difference of p. So norms are bounded by
    what polynomials do on the interval of the eigenvalues. *)

From Coq Require Import Reals List FunctionalExtensionality Lra Lia.
From MuonTheory Require Import Vectors Matrices MatrixPolynomials.
Import ListNotations.
Local Open Scope R_scope.

(** ** A basis of eigenvectors *)

Definition one : matrix := fun i j => if Nat.eqb i j then 1 else 0.

Lemma sum_one : forall m i x, (i < m)%nat -> sum m (fun j => one i j * x j) = x i.
Proof.
  intros m i x; induction m as [|m IH]; intros Hi; [lia|]; simpl; unfold one at 2.
  destruct (Nat.eqb_spec i m) as [->|Ne].
  - rewrite (sum_ext m _ (fun _ => 0)), sum_zero; [ring|].
    intros j Hj; unfold one; destruct (Nat.eqb_spec m j); [lia|ring].
  - rewrite IH by lia; ring.
Qed.

(** Σ_ij (M A)_ij M_ij: for A = X Xᵀ, the square of the norm of M X. *)
Definition weighed (m : nat) (A M : matrix) : R := sum m (fun i => dot m (times m M A i) (M i)).

Lemma weighed_norm : forall m n X M, norm m n (times m M X) ^ 2 = weighed m (times n X (transpose X)) M.
Proof.
  intros m n X M; rewrite norm_squared; unfold weighed, dot; apply sum_ext; intros i _.
  rewrite <- times_assoc; set (Y := times m M X).
  rewrite (sum_ext m _ (fun p => sum n (fun j => Y i j * X p j * M i p))).
  - rewrite sum_exchange; apply sum_ext; intros j _.
    replace (Y i j ^ 2) with (Y i j * Y i j) by ring; unfold Y at 2, times; rewrite <- sum_scale.
    apply sum_ext; intros; ring.
  - intros p _; unfold times at 1, transpose; rewrite <- sum_scale_right; reflexivity.
Qed.

(** The u k, k < m, are orthonormal, and they resolve the identity. *)
Record orthonormal (m : nat) (u : matrix) : Prop := Orthonormal {
  complete : forall i j, (i < m)%nat -> (j < m)%nat -> sum m (fun k => u k i * u k j) = one i j;
  products_of : forall k l, (k < m)%nat -> (l < m)%nat -> dot m (u k) (u l) = one k l }.

(** Moreover A u k = u k A = λ k u k, and 0 ≤ λ k ≤ y. *)
Record eigenbasis (m : nat) (A : matrix) (y : R) (u : matrix) (λ : nat -> R) : Prop := Eigenbasis {
  orthonormal_basis : orthonormal m u;
  from_left : forall k j, (k < m)%nat -> (j < m)%nat -> times m u A k j = λ k * u k j;
  from_right : forall k i, (k < m)%nat -> (i < m)%nat -> times m A (transpose u) i k = λ k * u k i;
  within : forall k, (k < m)%nat -> 0 <= λ k <= y }.

Section Coordinates.

Variables (m : nat) (u : matrix).
Hypothesis basis : orthonormal m u.

(** A sum of products, in the basis. *)
Lemma parseval : forall a b, dot m a b = sum m (fun k => dot m (u k) a * dot m (u k) b).
Proof.
  intros a b; unfold dot; symmetry.
  transitivity (sum m (fun k => sum m (fun i => sum m (fun j => u k i * u k j * (a i * b j))))).
  - apply sum_ext; intros k _; rewrite <- sum_scale_right; apply sum_ext; intros i _; rewrite <- sum_scale.
    apply sum_ext; intros; ring.
  - rewrite sum_exchange; apply sum_ext; intros i Hi; rewrite sum_exchange.
    rewrite (sum_ext m _ (fun j => one i j * (a i * b j))).
    + apply (sum_one m i (fun j => a i * b j)), Hi.
    + intros j Hj; rewrite sum_scale_right, (complete _ _ basis) by assumption; reflexivity.
Qed.

(** The entries in the basis. *)
Definition coordinates (M : matrix) : matrix := times m (times m u M) (transpose u).

Lemma coordinates_plus : forall M N k l, coordinates (plus M N) k l = coordinates M k l + coordinates N k l.
Proof. intros; unfold coordinates; rewrite times_plus_right, times_plus_left; reflexivity. Qed.
Lemma coordinates_scale : forall c M k l, coordinates (scale c M) k l = c * coordinates M k l.
Proof. intros; unfold coordinates; rewrite times_scale_right, times_scale_left; reflexivity. Qed.
Lemma coordinates_zero : forall k l, coordinates zero k l = 0.
Proof.
  intros; unfold coordinates; rewrite times_zero_right.
  unfold times, zero; transitivity (sum m (fun _ => 0)); [apply sum_ext; intros; ring|apply sum_zero].
Qed.
Lemma norm_coordinates : forall M, norm m m M = norm m m (coordinates M).
Proof.
  intros M; unfold norm; f_equal.
  transitivity (sum m (fun i => sum m (fun l => dot m (u l) (M i) ^ 2))).
  - apply sum_ext; intros i _; rewrite (sum_ext m _ (fun j => M i j * M i j)) by (intros; ring).
    change (dot m (M i) (M i) = sum m (fun l => dot m (u l) (M i) ^ 2)); rewrite parseval; apply sum_ext; intros; ring.
  - rewrite sum_exchange, (sum_exchange m m (fun k l => coordinates M k l ^ 2)); apply sum_ext; intros l _.
    rewrite (sum_ext m _ (fun i => dot m (u l) (M i) * dot m (u l) (M i))) by (intros; ring).
    change (dot m (fun i => dot m (u l) (M i)) (fun i => dot m (u l) (M i)) = sum m (fun k => coordinates M k l ^ 2)).
    rewrite parseval; apply sum_ext; intros k _.
    replace (coordinates M k l) with (dot m (u k) (fun i => dot m (u l) (M i))); [ring|].
    unfold coordinates, dot; rewrite times_assoc; unfold times, transpose; apply sum_ext; intros; f_equal; apply sum_ext; intros; ring.
Qed.

End Coordinates.

Section Basis.

Variables (m : nat) (A : matrix) (y : R) (u : matrix) (λ : nat -> R).
Hypothesis basis : eigenbasis m A y u λ.
Notation ortho := (orthonormal_basis m A y u λ basis).
Notation coordinates := (coordinates m u).

Lemma coordinates_left : forall M k l, (k < m)%nat -> coordinates (times m A M) k l = λ k * coordinates M k l.
Proof.
  intros M k l Hk; unfold coordinates; rewrite <- times_assoc; unfold times at 1 4; rewrite <- sum_scale; apply sum_ext; intros j Hj.
  rewrite <- Rmult_assoc; f_equal; unfold times at 1 3; rewrite <- sum_scale; apply sum_ext; intros p Hp.
  rewrite (from_left _ _ _ _ _ basis) by assumption; ring.
Qed.
Lemma coordinates_right : forall M k l, (l < m)%nat -> coordinates (times m M A) k l = λ l * coordinates M k l.
Proof.
  intros M k l Hl; unfold coordinates; rewrite <- times_assoc, times_assoc; unfold times at 1 4; rewrite <- sum_scale.
  apply sum_ext; intros j Hj; rewrite (from_right _ _ _ _ _ basis) by assumption; unfold transpose; ring.
Qed.

(** A bound of the factors of the entries bounds the norm. *)
Lemma norm_factors : forall M E K, 0 <= K ->
  (forall k l, (k < m)%nat -> (l < m)%nat -> exists c, coordinates M k l = c * coordinates E k l /\ Rabs c <= K) ->
  norm m m M <= K * norm m m E.
Proof.
  intros M E K HK H; rewrite (norm_coordinates m u ortho M), (norm_coordinates m u ortho E).
  rewrite <- (Rabs_pos_eq K HK), <- norm_scale; apply norm_monotone; intros k l Hk Hl.
  destruct (H k l Hk Hl) as [c [-> Hc]]; unfold scale; rewrite !Rabs_mult, (Rabs_pos_eq K HK).
  apply Rmult_le_compat_r; [apply Rabs_pos|exact Hc].
Qed.

(** What p(A) does from the right, and the derivative. *)
Lemma coordinates_polynomial : forall row E k l, (l < m)%nat ->
  coordinates (times m E (of_matrix m row A)) k l = at_ row (λ l) * coordinates E k l.
Proof.
  induction row as [|c r IH]; intros E k l Hl; simpl.
  - rewrite times_zero_right, coordinates_zero; ring.
  - rewrite times_plus_right, times_scale_right, <- times_assoc, coordinates_plus, coordinates_scale, IH, coordinates_right by assumption; ring.
Qed.
Lemma coordinates_derivative : forall row E k l, (k < m)%nat -> (l < m)%nat ->
  coordinates (derivative m row A E) k l = divided row (λ k) (λ l) * coordinates E k l.
Proof.
  induction row as [|c r IH]; intros E k l Hk Hl; simpl.
  - rewrite coordinates_zero; ring.
  - rewrite !coordinates_plus, coordinates_scale, coordinates_polynomial, coordinates_left, IH by assumption; ring.
Qed.

(** ‖p'(A)[E]‖ ≤ K ‖E‖, K the largest divided difference. *)
Theorem derivative_bound : forall row E K, 0 <= K ->
  (forall a b, 0 <= a <= y -> 0 <= b <= y -> Rabs (divided row a b) <= K) -> norm m m (derivative m row A E) <= K * norm m m E.
Proof.
  intros row E K HK H; apply norm_factors; [exact HK|]; intros k l Hk Hl.
  exists (divided row (λ k) (λ l)); split; [apply coordinates_derivative; assumption|].
  apply H; apply (within _ _ _ _ _ basis); assumption.
Qed.

(** ‖p(A)‖ ≤ K ‖A‖, K the largest |p(t)/t|. *)
Theorem polynomial_bound : forall row K, 0 <= K -> (forall a, 0 <= a <= y -> Rabs (quotient row a) <= K) ->
  norm m m (of_matrix m row A) <= K * norm m m A.
Proof.
  intros row K HK H; apply norm_factors; [exact HK|]; intros k l Hk Hl.
  exists (quotient row (λ l)); split; [|apply H, (within _ _ _ _ _ basis); assumption].
  clear H; induction row as [|c r IH]; simpl; [rewrite coordinates_zero; ring|].
  rewrite coordinates_plus, coordinates_scale, <- of_matrix_commutes, coordinates_right, IH by assumption; ring.
Qed.

(** What a row of M is, weighed, in the basis. *)
Lemma weighed_basis : forall M, weighed m A M = sum m (fun l => λ l * sum m (fun i => dot m (u l) (M i) ^ 2)).
Proof.
  intros M; unfold weighed.
  rewrite (sum_ext m (fun l => _ * _) (fun l => sum m (fun i => λ l * dot m (u l) (M i) ^ 2))) by (intros; rewrite sum_scale; reflexivity).
  rewrite sum_exchange; apply sum_ext; intros i _; rewrite (parseval m u ortho); apply sum_ext; intros l Hl.
  replace (dot m (u l) (times m M A i)) with (λ l * dot m (u l) (M i)); [ring|].
  change (dot m (u l) (times m M A i)) with (sum m (fun j => u l j * times m M A i j)).
  transitivity (times m M (times m A (transpose u)) i l).
  - unfold dot; rewrite <- sum_scale; unfold times at 1; apply sum_ext; intros p Hp.
    rewrite (from_right _ _ _ _ _ basis) by assumption; ring.
  - rewrite <- times_assoc; unfold times at 1, transpose; apply sum_ext; intros; ring.
Qed.

(** ‖p'(A)[E] X‖ ≤ K ‖E‖ for A = X Xᵀ, K the largest divided difference times the root of its second argument. *)
Theorem carried_bound : forall row E K, 0 <= K ->
  (forall a b, 0 <= a <= y -> 0 <= b <= y -> b * divided row a b ^ 2 <= K ^ 2) ->
  weighed m A (derivative m row A E) <= (K * norm m m E) ^ 2.
Proof.
  intros row E K HK H; set (M := derivative m row A E); rewrite weighed_basis.
  replace ((K * norm m m E) ^ 2) with (K ^ 2 * norm m m E ^ 2) by ring; rewrite (norm_coordinates m u ortho), norm_squared.
  rewrite (sum_exchange m m), <- sum_scale; apply sum_le; intros l Hl.
  replace (sum m (fun i => dot m (u l) (M i) ^ 2)) with (sum m (fun k => coordinates M k l ^ 2)).
  - rewrite <- !sum_scale; apply sum_le; intros k Hk; unfold M; rewrite coordinates_derivative by assumption.
    specialize (H (λ k) (λ l) (within _ _ _ _ _ basis k Hk) (within _ _ _ _ _ basis l Hl)).
    pose proof (Rmult_le_compat_r _ _ _ (pow2_ge_0 (coordinates E k l)) H); lra.
  - rewrite (sum_ext m (fun i => dot m (u l) (M i) ^ 2) (fun i => dot m (u l) (M i) * dot m (u l) (M i))) by (intros; ring).
    change (sum m (fun i => dot m (u l) (M i) * dot m (u l) (M i)))
      with (dot m (fun i => dot m (u l) (M i)) (fun i => dot m (u l) (M i))).
    rewrite (parseval m u ortho); apply sum_ext; intros k _.
    replace (coordinates M k l) with (dot m (u k) (fun i => dot m (u l) (M i))); [ring|].
    unfold coordinates, dot; rewrite times_assoc; unfold times, transpose; apply sum_ext; intros; f_equal; apply sum_ext; intros; ring.
Qed.

(** p(A), applied to an eigenvector. *)
Lemma polynomial_eigen : forall row i l, (i < m)%nat -> (l < m)%nat -> dot m (u l) (of_matrix m row A i) = at_ row (λ l) * u l i.
Proof.
  intros row i l Hi Hl.
  transitivity (times m (of_matrix m row A) (transpose u) i l);
    [unfold dot, times, transpose; apply sum_ext; intros; ring|].
  revert i Hi; induction row as [|c r IH]; intros i Hi; simpl.
  - unfold times, zero; rewrite Rmult_0_l; transitivity (sum m (fun _ => 0)); [apply sum_ext; intros; ring|apply sum_zero].
  - rewrite times_plus_left, times_scale_left, times_assoc; unfold plus, scale.
    rewrite (from_right _ _ _ _ _ basis) by assumption.
    replace (times m A (times m (of_matrix m r A) (transpose u)) i l) with (at_ r (λ l) * times m A (transpose u) i l).
    + rewrite (from_right _ _ _ _ _ basis) by assumption; ring.
    + unfold times at 1 2; rewrite <- sum_scale; apply sum_ext; intros p Hp; rewrite IH by exact Hp; unfold transpose; ring.
Qed.

Lemma unit_squares : forall l, (l < m)%nat -> sum m (fun i => u l i ^ 2) = 1.
Proof.
  intros l Hl; pose proof (products_of _ _ ortho l l Hl Hl) as H; unfold one in H; rewrite Nat.eqb_refl in H.
  rewrite <- H; unfold dot; apply sum_ext; intros; ring.
Qed.

(** ‖p(A)‖ ≤ √m K, K the largest |p|. *)
Theorem polynomial_rank_bound : forall row K, 0 <= K -> (forall a, 0 <= a <= y -> Rabs (at_ row a) <= K) ->
  norm m m (of_matrix m row A) <= sqrt (INR m) * K.
Proof.
  intros row K HK H; apply norm_le; [apply Rmult_le_pos; [apply sqrt_pos|exact HK]|].
  rewrite Rpow_mult_distr, pow2_sqrt by apply pos_INR.
  rewrite (sum_ext m _ (fun i => sum m (fun l => (at_ row (λ l) * u l i) ^ 2))).
  - rewrite sum_exchange, <- sum_constant; apply sum_le; intros l Hl.
    rewrite (sum_ext m _ (fun i => at_ row (λ l) ^ 2 * u l i ^ 2)) by (intros; ring); rewrite sum_scale, unit_squares by exact Hl.
    rewrite Rmult_1_r, <- pow2_abs; apply pow_incr; split; [apply Rabs_pos|].
    apply H, (within _ _ _ _ _ basis), Hl.
  - intros i Hi; rewrite (sum_ext m _ (fun j => of_matrix m row A i j * of_matrix m row A i j)) by (intros; ring).
    change (sum m (fun j => of_matrix m row A i j * of_matrix m row A i j)) with (dot m (of_matrix m row A i) (of_matrix m row A i)).
    rewrite (parseval m u ortho); apply sum_ext; intros l Hl; rewrite polynomial_eigen by assumption; ring.
Qed.

(** (a + p(A)) X weighs Σ λ g(λ)², g = a + p. *)
Lemma image_weight : forall a row,
  weighed m A (plus (scale a one) (of_matrix m row A)) = sum m (fun l => λ l * (a + at_ row (λ l)) ^ 2).
Proof.
  intros a row; rewrite weighed_basis; apply sum_ext; intros l Hl; f_equal.
  rewrite (sum_ext m _ (fun i => (a + at_ row (λ l)) ^ 2 * u l i ^ 2)).
  - rewrite sum_scale, unit_squares by exact Hl; ring.
  - intros i Hi; replace (dot m (u l) (plus (scale a one) (of_matrix m row A) i)) with ((a + at_ row (λ l)) * u l i); [ring|].
    rewrite Rmult_plus_distr_r, <- polynomial_eigen, <- (sum_one m i (u l) Hi), <- sum_scale by assumption.
    unfold dot; rewrite <- sum_plus; apply sum_ext; intros; unfold plus, scale; ring.
Qed.
Lemma trace_weight : weighed m A one = sum m λ.
Proof.
  transitivity (weighed m A (plus (scale 1 one) (of_matrix m [] A))).
  - unfold weighed; apply sum_ext; intros i _; simpl; f_equal; [|apply functional_extensionality; intros; unfold plus, scale, zero; ring].
    replace (plus (scale 1 one) zero) with one; [reflexivity|sums_of_matrices].
  - rewrite image_weight; apply sum_ext; intros; simpl; ring.
Qed.

Theorem image_bound : forall a row K, 0 <= K -> (forall b, 0 <= b <= y -> Rabs (a + at_ row b) <= K) ->
  weighed m A (plus (scale a one) (of_matrix m row A)) <= K ^ 2 * weighed m A one.
Proof.
  intros a row K HK H; rewrite image_weight, trace_weight, <- sum_scale; apply sum_le; intros l Hl.
  pose proof (within _ _ _ _ _ basis l Hl) as W; rewrite Rmult_comm; apply Rmult_le_compat_r; [lra|].
  rewrite <- pow2_abs; apply pow_incr; split; [apply Rabs_pos|apply H, W].
Qed.
Theorem image_rank_bound : forall a row K, 0 <= K -> (forall b, 0 <= b <= y -> b * (a + at_ row b) ^ 2 <= K ^ 2) ->
  weighed m A (plus (scale a one) (of_matrix m row A)) <= INR m * K ^ 2.
Proof.
  intros a row K HK H; rewrite image_weight, <- sum_constant; apply sum_le; intros l Hl.
  apply H, (within _ _ _ _ _ basis), Hl.
Qed.

End Basis.
