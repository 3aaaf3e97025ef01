(** * Matrices of real numbers, their Frobenius norm and their spectral norm

    A matrix is its entries: a function of two indices, of which a norm and a
    product read as many as their sizes say. So two products in a row are equal as
    functions, whatever lies outside. *)

From Coq Require Import Reals FunctionalExtensionality Lra Lia.
From MuonTheory Require Import Vectors.
Local Open Scope R_scope.

(** ** Matrices *)

Definition matrix : Type := nat -> nat -> R.
Definition plus (A B : matrix) : matrix := fun i j => A i j + B i j.
Definition scale (c : R) (A : matrix) : matrix := fun i j => c * A i j.
Definition minus (A B : matrix) : matrix := plus A (scale (-1) B).
Definition times (k : nat) (A B : matrix) : matrix := fun i j => sum k (fun l => A i l * B l j).
Definition transpose (A : matrix) : matrix := fun i j => A j i.
Definition zero : matrix := fun _ _ => 0.

Ltac entrywise := apply functional_extensionality; intro; apply functional_extensionality; intro;
  unfold minus, plus, scale, times, transpose, zero; cbv beta.

Lemma times_assoc : forall k l A B C, times l (times k A B) C = times k A (times l B C).
Proof.
  intros k l A B C; entrywise.
  rewrite (sum_ext l _ (fun j => sum k (fun i => A x i * B i j * C j x0))) by (intros; rewrite <- sum_scale_right; reflexivity).
  rewrite (sum_ext k _ (fun i => sum l (fun j => A x i * B i j * C j x0))).
  - apply sum_exchange.
  - intros; rewrite <- sum_scale; apply sum_ext; intros; ring.
Qed.
Lemma times_plus_left : forall k A B C, times k (plus A B) C = plus (times k A C) (times k B C).
Proof. intros; entrywise; rewrite <- sum_plus; apply sum_ext; intros; ring. Qed.
Lemma times_plus_right : forall k A B C, times k A (plus B C) = plus (times k A B) (times k A C).
Proof. intros; entrywise; rewrite <- sum_plus; apply sum_ext; intros; ring. Qed.
Lemma times_scale_left : forall k c A B, times k (scale c A) B = scale c (times k A B).
Proof. intros; entrywise; rewrite <- sum_scale; apply sum_ext; intros; ring. Qed.
Lemma times_scale_right : forall k c A B, times k A (scale c B) = scale c (times k A B).
Proof. intros; entrywise; rewrite <- sum_scale; apply sum_ext; intros; ring. Qed.
Lemma times_zero_right : forall k A, times k A zero = zero.
Proof. intros; entrywise; transitivity (sum k (fun _ => 0)); [apply sum_ext; intros; ring|apply sum_zero]. Qed.
Lemma transpose_times : forall k A B, transpose (times k A B) = times k (transpose B) (transpose A).
Proof. intros; entrywise; apply sum_ext; intros; ring. Qed.

Ltac sums_of_matrices := entrywise; ring.

(** ** The Frobenius norm *)

Definition all_entries (m n : nat) (f : nat * nat -> R) : R := sum m (fun i => sum n (fun j => f (i, j))).
Definition norm (m n : nat) (A : matrix) : R := sqrt (sum m (fun i => sum n (fun j => A i j ^ 2))).

Lemma all_plus : forall m n f g, all_entries m n (fun t => f t + g t) = all_entries m n f + all_entries m n g.
Proof. intros; unfold all_entries; rewrite <- sum_plus; apply sum_ext; intros; apply sum_plus. Qed.
Lemma all_scale : forall m n c f, all_entries m n (fun t => c * f t) = c * all_entries m n f.
Proof. intros; unfold all_entries; rewrite <- sum_scale; apply sum_ext; intros; apply sum_scale. Qed.
Lemma all_nonnegative : forall m n f, (forall t, 0 <= f t) -> 0 <= all_entries m n f.
Proof. intros; unfold all_entries; apply sum_nonnegative; intros; apply sum_nonnegative; auto. Qed.

Lemma norm_nonnegative : forall m n A, 0 <= norm m n A.
Proof. intros; apply sqrt_pos. Qed.
Lemma norm_squared : forall m n A, norm m n A ^ 2 = sum m (fun i => sum n (fun j => A i j ^ 2)).
Proof.
  intros; apply pow2_sqrt, sum_nonnegative; intros; apply sum_nonnegative; intros; apply pow2_ge_0.
Qed.
Lemma norm_le : forall m n A b, 0 <= b -> sum m (fun i => sum n (fun j => A i j ^ 2)) <= b ^ 2 -> norm m n A <= b.
Proof. intros m n A b Hb H; unfold norm; rewrite <- (sqrt_pow2 b Hb); apply sqrt_le_1_alt, H. Qed.
Lemma norm_triangle : forall m n A B, norm m n (plus A B) <= norm m n A + norm m n B.
Proof.
  intros m n A B.
  apply (triangle (nat * nat) (all_entries m n) (all_plus m n) (all_scale m n) (all_nonnegative m n)
    (fun t => A (fst t) (snd t)) (fun t => B (fst t) (snd t))).
Qed.
Lemma norm_scale : forall m n c A, norm m n (scale c A) = Rabs c * norm m n A.
Proof.
  intros m n c A; unfold norm, scale; rewrite <- sqrt_Rsqr_abs, <- sqrt_mult_alt by apply Rle_0_sqr.
  f_equal; unfold Rsqr; rewrite <- sum_scale; apply sum_ext; intros; rewrite <- sum_scale; apply sum_ext; intros; ring.
Qed.
Lemma norm_monotone : forall m n A B, (forall i j, (i < m)%nat -> (j < n)%nat -> Rabs (A i j) <= Rabs (B i j)) ->
  norm m n A <= norm m n B.
Proof.
  intros m n A B H; apply norm_le; [apply norm_nonnegative|rewrite norm_squared].
  apply sum_le; intros i Hi; apply sum_le; intros j Hj.
  rewrite <- (pow2_abs (A i j)), <- (pow2_abs (B i j)); apply pow_incr; split; [apply Rabs_pos|auto].
Qed.
Lemma norm_ext : forall m n A B, (forall i j, (i < m)%nat -> (j < n)%nat -> A i j = B i j) -> norm m n A = norm m n B.
Proof. intros; unfold norm; f_equal; apply sum_ext; intros; apply sum_ext; intros; rewrite H by assumption; reflexivity. Qed.
Lemma norm_transpose : forall m n A, norm n m (transpose A) = norm m n A.
Proof. intros; unfold norm, transpose; f_equal; apply sum_exchange. Qed.
Lemma norm_zero : forall m n, norm m n zero = 0.
Proof.
  intros; apply Rle_antisym; [|apply norm_nonnegative]; apply norm_le; [lra|].
  unfold zero; rewrite (sum_ext m _ (fun _ => 0)); [rewrite sum_zero; simpl; lra|].
  intros; rewrite (sum_ext n _ (fun _ => 0)); [apply sum_zero|intros; ring].
Qed.
Lemma norm_constant : forall m n c, 0 <= c -> norm m n (fun _ _ => c) = c * sqrt (INR m * INR n).
Proof.
  intros m n c Hc; unfold norm; rewrite (sum_ext m _ (fun _ => INR n * c ^ 2)) by (intros; apply sum_constant).
  rewrite sum_constant; replace (INR m * (INR n * c ^ 2)) with (c ^ 2 * (INR m * INR n)) by ring.
  rewrite sqrt_mult_alt by apply pow2_ge_0; rewrite sqrt_pow2 by exact Hc; reflexivity.
Qed.
Lemma entry_norm : forall m n A i j, (i < m)%nat -> (j < n)%nat -> Rabs (A i j) <= norm m n A.
Proof.
  intros m n A i j Hi Hj; apply Rsqr_incr_0_var; [|apply norm_nonnegative]; rewrite <- Rsqr_abs.
  replace (Rsqr (norm m n A)) with (norm m n A ^ 2) by (unfold Rsqr; ring); rewrite norm_squared.
  replace (Rsqr (A i j)) with (A i j ^ 2) by (unfold Rsqr; ring).
  apply Rle_trans with (sum n (fun j => A i j ^ 2)).
  - apply (sum_term n (fun j => A i j ^ 2)); [exact Hj|intros; apply pow2_ge_0].
  - apply (sum_term m (fun i => sum n (fun j => A i j ^ 2))); [exact Hi|].
    intros; apply sum_nonnegative; intros; apply pow2_ge_0.
Qed.

(** The norm of the matrix of absolute values of products, |A||B|, and of A B. *)
Lemma norm_absolute : forall m k n A B, norm m n (fun i j => sum k (fun l => Rabs (A i l * B l j))) <= norm m k A * norm k n B.
Proof.
  intros m k n A B; apply norm_le; [apply Rmult_le_pos; apply norm_nonnegative|].
  replace ((norm m k A * norm k n B) ^ 2) with (norm m k A ^ 2 * norm k n B ^ 2) by ring.
  rewrite <- (norm_transpose k n B), !norm_squared, <- sum_scale_right; apply sum_le; intros i _.
  rewrite <- sum_scale; apply sum_le; intros j _; unfold transpose.
  pose proof (cauchy_schwarz nat (sum k) (sum_plus k) (sum_scale k) (fun f H => sum_nonnegative k f (fun i _ => H i))
    (fun l => Rabs (A i l)) (fun l => Rabs (B l j))) as C; cbv beta in C.
  rewrite (sum_ext k _ (fun l => Rabs (A i l) * Rabs (B l j))) by (intros; apply Rabs_mult).
  eapply Rle_trans; [exact C|]; right; f_equal; apply sum_ext; intros; apply pow2_abs.
Qed.
Lemma norm_times : forall m k n A B, norm m n (times k A B) <= norm m k A * norm k n B.
Proof.
  intros m k n A B; eapply Rle_trans; [|apply norm_absolute]; apply norm_monotone; intros i j _ _; unfold times.
  eapply Rle_trans; [apply sum_abs|]; apply Rle_abs.
Qed.

(** ** The spectral norm is at most s *)

(** Of an m × n matrix: |X v| ≤ s |v|. *)
Definition spectral (m n : nat) (X : matrix) (s : R) : Prop :=
  0 <= s /\ forall v, size m (fun i => sum n (fun j => X i j * v j)) <= s * size n v.

Lemma spectral_transpose : forall m n X s, spectral m n X s -> spectral n m (transpose X) s.
Proof.
  intros m n X s [Hs H]; split; [exact Hs|]; intros v; set (y := fun i => sum m (fun j => transpose X i j * v j)).
  specialize (H y); pose proof (size_nonnegative n y) as Y; pose proof (size_nonnegative m v) as V.
  assert (E : size n y ^ 2 = dot m v (fun i => sum n (fun j => X i j * y j))).
  { rewrite size_squared; unfold dot.
    rewrite (sum_ext m _ (fun i => sum n (fun j => v i * (X i j * y j)))) by (intros; rewrite <- sum_scale; reflexivity).
    rewrite sum_exchange; apply sum_ext; intros j _; unfold y at 1, transpose.
    replace (sum m (fun j0 => X j0 j * v j0) ^ 2) with (sum m (fun j0 => X j0 j * v j0) * y j) by (unfold y, transpose; ring).
    rewrite <- sum_scale_right; apply sum_ext; intros; ring. }
  pose proof (dot_size m v (fun i => sum n (fun j => X i j * y j))) as D; rewrite <- E in D.
  pose proof (Rle_abs (size n y ^ 2)); pose proof (Rmult_le_compat_l _ _ _ V H).
  destruct (Req_dec (size n y) 0) as [Z|N]; [rewrite Z; apply Rmult_le_pos; assumption|].
  apply Rmult_le_reg_l with (size n y); [lra|]; lra.
Qed.

(** ‖X B‖ ≤ s ‖B‖ and ‖B X‖ ≤ s ‖B‖. *)
Lemma norm_spectral_left : forall m n k X B s, spectral m n X s -> norm m k (times n X B) <= s * norm n k B.
Proof.
  intros m n k X B s [Hs H]; apply norm_le; [apply Rmult_le_pos; [exact Hs|apply norm_nonnegative]|].
  replace ((s * norm n k B) ^ 2) with (s ^ 2 * norm n k B ^ 2) by ring.
  rewrite norm_squared, (sum_exchange m k), (sum_exchange n k), <- sum_scale; apply sum_le; intros j _.
  specialize (H (fun l => B l j)); rewrite <- !size_squared; unfold times.
  rewrite <- Rpow_mult_distr; apply pow_incr; split; [apply size_nonnegative|exact H].
Qed.
Lemma norm_spectral_right : forall m n k X B s, spectral m n X s -> norm k n (times m B X) <= s * norm k m B.
Proof.
  intros m n k X B s H; rewrite <- norm_transpose, transpose_times, <- (norm_transpose k m B).
  apply norm_spectral_left, spectral_transpose, H.
Qed.

Lemma spectral_norm : forall m n X, spectral m n X (norm m n X).
Proof.
  intros m n X; split; [apply norm_nonnegative|]; intros v; apply size_le.
  - apply Rmult_le_pos; [apply norm_nonnegative|apply size_nonnegative].
  - replace ((norm m n X * size n v) ^ 2) with (norm m n X ^ 2 * size n v ^ 2) by ring.
    rewrite norm_squared, <- sum_scale_right; apply sum_le; intros i _.
    rewrite size_squared.
    apply (cauchy_schwarz nat (sum n) (sum_plus n) (sum_scale n) (fun f H => sum_nonnegative n f (fun i _ => H i))).
Qed.
Lemma spectral_le : forall m n X s t, spectral m n X s -> s <= t -> spectral m n X t.
Proof.
  intros m n X s t [Hs H] Hst; split; [lra|]; intros v; eapply Rle_trans; [apply H|].
  apply Rmult_le_compat_r; [apply size_nonnegative|exact Hst].
Qed.
Lemma spectral_plus : forall m n X Y s t, spectral m n X s -> spectral m n Y t -> spectral m n (plus X Y) (s + t).
Proof.
  intros m n X Y s t [Hs HX] [Ht HY]; split; [lra|]; intros v; specialize (HX v); specialize (HY v).
  eapply Rle_trans; [|rewrite Rmult_plus_distr_r; apply Rplus_le_compat; [exact HX|exact HY]].
  eapply Rle_trans; [right|apply size_triangle]; f_equal; apply functional_extensionality; intros i.
  unfold plus; rewrite <- sum_plus; apply sum_ext; intros; ring.
Qed.
Lemma spectral_scale : forall m n X s c, spectral m n X s -> spectral m n (scale c X) (Rabs c * s).
Proof.
  intros m n X s c [Hs H]; split; [apply Rmult_le_pos; [apply Rabs_pos|exact Hs]|]; intros v.
  rewrite Rmult_assoc; eapply Rle_trans; [|apply Rmult_le_compat_l; [apply Rabs_pos|apply (H v)]].
  rewrite <- size_scale; right; f_equal; apply functional_extensionality; intros i.
  rewrite <- sum_scale; apply sum_ext; intros; unfold scale; ring.
Qed.
Lemma spectral_times : forall m k n X Y s t, spectral m k X s -> spectral k n Y t -> spectral m n (times k X Y) (s * t).
Proof.
  intros m k n X Y s t [Hs HX] [Ht HY]; split; [apply Rmult_le_pos; assumption|]; intros v.
  specialize (HX (fun l => sum n (fun j => Y l j * v j))); specialize (HY v).
  rewrite Rmult_assoc; eapply Rle_trans; [|apply Rmult_le_compat_l; [exact Hs|exact HY]].
  eapply Rle_trans; [right|exact HX]; f_equal; apply functional_extensionality; intros i; unfold times.
  rewrite (sum_ext n _ (fun j => sum k (fun l => X i l * (Y l j * v j)))).
  - rewrite sum_exchange; apply sum_ext; intros; rewrite <- sum_scale; reflexivity.
  - intros; rewrite <- sum_scale_right; apply sum_ext; intros; ring.
Qed.
