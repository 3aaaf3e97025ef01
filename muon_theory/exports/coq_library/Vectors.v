(** * Sums of real numbers, vectors, and Cauchy's and Schwarz's inequality

    A vector is its entries: a function of an index, of which a sum reads as many
    as it is told. *)

From Coq Require Import Reals FunctionalExtensionality Lra Lia.
Local Open Scope R_scope.

(** ** Sums *)

Fixpoint sum (n : nat) (f : nat -> R) : R := match n with O => 0 | S n => sum n f + f n end.

Lemma sum_ext : forall n f g, (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof. induction n as [|n IH]; intros f g H; simpl; [reflexivity|rewrite (IH f g), (H n) by auto; reflexivity]. Qed.
Lemma sum_plus : forall n f g, sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n as [|n IH]; intros; simpl; [ring|rewrite IH; ring]. Qed.
Lemma sum_scale : forall n c f, sum n (fun i => c * f i) = c * sum n f.
Proof. induction n as [|n IH]; intros; simpl; [ring|rewrite IH; ring]. Qed.
Lemma sum_scale_right : forall n c f, sum n (fun i => f i * c) = sum n f * c.
Proof. induction n as [|n IH]; intros; simpl; [ring|rewrite IH; ring]. Qed.
Lemma sum_zero : forall n, sum n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; simpl; [|rewrite IH]; ring. Qed.
Lemma sum_le : forall n f g, (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof. induction n as [|n IH]; intros f g H; simpl; [lra|apply Rplus_le_compat; auto]. Qed.
Lemma sum_nonnegative : forall n f, (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
Proof. intros n f H; rewrite <- (sum_zero n); apply sum_le; exact H. Qed.
Lemma sum_constant : forall n c, sum n (fun _ => c) = INR n * c.
Proof. induction n as [|n IH]; intros; simpl sum; [simpl; ring|rewrite IH, S_INR; ring]. Qed.
Lemma sum_exchange : forall m n f, sum m (fun i => sum n (fun j => f i j)) = sum n (fun j => sum m (fun i => f i j)).
Proof. induction m as [|m IH]; intros n f; simpl; [symmetry; apply sum_zero|rewrite IH, <- sum_plus; reflexivity]. Qed.
Lemma sum_abs : forall n f, Rabs (sum n f) <= sum n (fun i => Rabs (f i)).
Proof.
  induction n as [|n IH]; intros f; simpl; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]; specialize (IH f); lra.
Qed.
Lemma sum_term : forall n f i, (i < n)%nat -> (forall j, (j < n)%nat -> 0 <= f j) -> f i <= sum n f.
Proof.
  induction n as [|n IH]; intros f i Hi Hf; simpl; [lia|].
  destruct (Nat.eq_dec i n) as [->|Ne].
  - pose proof (sum_nonnegative n f (fun j Hj => Hf j ltac:(lia))); lra.
  - pose proof (IH f i ltac:(lia) (fun j Hj => Hf j ltac:(lia))); pose proof (Hf n ltac:(lia)); lra.
Qed.

(** ** Cauchy and Schwarz, for every sum of squares *)

Section Norm.

Variable T : Type.
Variable L : (T -> R) -> R.
Hypothesis L_plus : forall f g, L (fun t => f t + g t) = L f + L g.
Hypothesis L_scale : forall c f, L (fun t => c * f t) = c * L f.
Hypothesis L_nonnegative : forall f, (forall t, 0 <= f t) -> 0 <= L f.

Definition length_of (f : T -> R) : R := sqrt (L (fun t => f t ^ 2)).

Lemma squares_nonnegative : forall f, 0 <= L (fun t => f t ^ 2).
Proof. intros f; apply L_nonnegative; intros t; apply pow2_ge_0. Qed.
Lemma length_squared : forall f, length_of f ^ 2 = L (fun t => f t ^ 2).
Proof. intros f; unfold length_of; apply pow2_sqrt, squares_nonnegative. Qed.

(** (x f + y g)² ≥ 0, summed. *)
Lemma form_nonnegative : forall f g x y,
  0 <= x ^ 2 * L (fun t => f t ^ 2) + 2 * x * y * L (fun t => f t * g t) + y ^ 2 * L (fun t => g t ^ 2).
Proof.
  intros f g x y; rewrite <- !L_scale, <- !L_plus; apply L_nonnegative; intros t.
  replace (x ^ 2 * f t ^ 2 + 2 * x * y * (f t * g t) + y ^ 2 * g t ^ 2) with ((x * f t + y * g t) ^ 2) by ring.
  apply pow2_ge_0.
Qed.

Lemma cauchy_schwarz : forall f g, L (fun t => f t * g t) ^ 2 <= L (fun t => f t ^ 2) * L (fun t => g t ^ 2).
Proof.
  intros f g; pose proof (squares_nonnegative f) as F0; pose proof (squares_nonnegative g) as G0.
  set (F := L (fun t => f t ^ 2)) in *; set (G := L (fun t => g t ^ 2)) in *; set (P := L (fun t => f t * g t)).
  destruct (Req_dec G 0) as [Z|N].
  - destruct (Req_dec P 0) as [->|NP]; [rewrite Z; simpl; lra|].
    pose proof (form_nonnegative f g 1 (- (F + 1) / P)) as H; fold F G P in H; rewrite Z in H.
    replace (2 * 1 * (- (F + 1) / P) * P) with (-2 * (F + 1)) in H by (field; exact NP); lra.
  - pose proof (form_nonnegative f g G (- P)) as H; fold F G P in H.
    apply Rmult_le_reg_l with G; [lra|]; nra.
Qed.

Lemma triangle : forall f g, length_of (fun t => f t + g t) <= length_of f + length_of g.
Proof.
  intros f g; pose proof (cauchy_schwarz f g) as C.
  assert (Lf : 0 <= length_of f) by apply sqrt_pos; assert (Lg : 0 <= length_of g) by apply sqrt_pos.
  apply Rsqr_incr_0_var; [|lra]; unfold Rsqr.
  replace (length_of (fun t => f t + g t) * length_of (fun t => f t + g t)) with (length_of (fun t => f t + g t) ^ 2) by ring.
  rewrite length_squared.
  replace (L (fun t => (f t + g t) ^ 2)) with (L (fun t => f t ^ 2) + 2 * L (fun t => f t * g t) + L (fun t => g t ^ 2)).
  2:{ rewrite <- L_scale, <- !L_plus; f_equal; apply functional_extensionality; intros t; ring. }
  rewrite <- !length_squared in *.
  assert (L (fun t => f t * g t) <= length_of f * length_of g); [|lra].
  apply Rsqr_incr_0_var; [unfold Rsqr; lra|apply Rmult_le_pos; assumption].
Qed.

End Norm.

(** ** Vectors *)

Definition vector : Type := nat -> R.
Definition dot (n : nat) (x y : vector) : R := sum n (fun i => x i * y i).
Definition size (n : nat) (x : vector) : R := sqrt (sum n (fun i => x i ^ 2)).

Lemma size_nonnegative : forall n x, 0 <= size n x.
Proof. intros; apply sqrt_pos. Qed.
Lemma size_squared : forall n x, size n x ^ 2 = sum n (fun i => x i ^ 2).
Proof. intros; apply pow2_sqrt, sum_nonnegative; intros; apply pow2_ge_0. Qed.
Lemma dot_size : forall n x y, Rabs (dot n x y) <= size n x * size n y.
Proof.
  intros n x y; apply Rsqr_incr_0_var; [|apply Rmult_le_pos; apply size_nonnegative].
  rewrite <- Rsqr_abs; unfold Rsqr.
  pose proof (cauchy_schwarz nat (sum n) (sum_plus n) (sum_scale n) (fun f H => sum_nonnegative n f (fun i _ => H i)) x y) as C.
  rewrite <- !size_squared in C; unfold dot; lra.
Qed.
Lemma size_triangle : forall n x y, size n (fun i => x i + y i) <= size n x + size n y.
Proof.
  intros n x y.
  apply (triangle nat (sum n) (sum_plus n) (sum_scale n) (fun f H => sum_nonnegative n f (fun i _ => H i)) x y).
Qed.
Lemma size_le : forall n x b, 0 <= b -> sum n (fun i => x i ^ 2) <= b ^ 2 -> size n x <= b.
Proof. intros n x b Hb H; unfold size; rewrite <- (sqrt_pow2 b Hb); apply sqrt_le_1_alt, H. Qed.
Lemma size_scale : forall n c x, size n (fun i => c * x i) = Rabs c * size n x.
Proof.
  intros n c x; unfold size; rewrite <- sqrt_Rsqr_abs, <- sqrt_mult_alt by apply Rle_0_sqr.
  f_equal; unfold Rsqr; rewrite <- sum_scale; apply sum_ext; intros; ring.
Qed.
