(** * One rounded step, from a model of arithmetic

    The model: a computed operation is the exact one times 1 + d, |d| ≤ u. From
    it: a sum of K products, added in any order, errs by at most γ_K times the sum
    of their absolute values; a product of matrices by γ_K times the product of
    the Frobenius norms; and a step k X + p(X Xᵀ) X, p(y) = b y + c y², by what
    its three products err, propagated through p. Of matrices only what a norm
    does is used. *)

From Coq Require Import Reals List Lra Lia.
Import ListNotations.
Local Open Scope R_scope.

(** ** Sums of products, in any order *)

Inductive order := Product (a b : R) | Sum (l r : order).

Fixpoint exact (t : order) : R := match t with Product a b => a * b | Sum l r => exact l + exact r end.
Fixpoint size (t : order) : R := match t with Product a b => Rabs (a * b) | Sum l r => size l + size r end.
Fixpoint products (t : order) : nat := match t with Product _ _ => 1 | Sum l r => products l + products r end.

(** What an arithmetic with unit roundoff u may return. *)
Inductive computed (u : R) : order -> R -> Prop :=
| product_computed : forall a b d, Rabs d <= u -> computed u (Product a b) (a * b * (1 + d))
| sum_computed : forall l r x y d, computed u l x -> computed u r y -> Rabs d <= u -> computed u (Sum l r) ((x + y) * (1 + d)).

Lemma size_nonnegative : forall t, 0 <= size t.
Proof. induction t; simpl; [apply Rabs_pos|lra]. Qed.
Lemma exact_size : forall t, Rabs (exact t) <= size t.
Proof. induction t; simpl; [apply Rle_refl|]; pose proof (Rabs_triang (exact t1) (exact t2)); lra. Qed.
Lemma products_positive : forall t, (1 <= products t)%nat.
Proof. induction t; simpl; lia. Qed.

(** K products and their sum err by at most (1 + u)^K - 1 of the absolute values. *)
Theorem computed_error : forall u t x, 0 <= u -> computed u t x ->
  Rabs (x - exact t) <= ((1 + u) ^ products t - 1) * size t.
Proof.
  intros u t x Hu H; induction H as [a b d Hd|l r x y d Hl IHl Hr IHr Hd]; simpl exact; simpl size; simpl products.
  - replace (a * b * (1 + d) - a * b) with (a * b * d) by ring.
    rewrite Rabs_mult; replace ((1 + u) ^ 1 - 1) with u by ring.
    pose proof (Rmult_le_compat_l _ _ _ (Rabs_pos (a * b)) Hd); lra.
  - set (k := products l) in *; set (m := products r) in *.
    assert (Hk : (1 <= k)%nat) by apply products_positive; assert (Hm : (1 <= m)%nat) by apply products_positive.
    set (U := (1 + u) ^ (k + m)).
    assert (Mono : forall i, (S i <= k + m)%nat -> (1 + u) ^ i * (1 + u) <= U).
    { intros i Hi; replace ((1 + u) ^ i * (1 + u)) with ((1 + u) ^ S i) by (simpl; ring); apply Rle_pow; [lra|exact Hi]. }
    pose proof (Mono k ltac:(lia)) as Uk; pose proof (Mono m ltac:(lia)) as Um.
    replace ((x + y) * (1 + d) - (exact l + exact r))
      with ((x - exact l) * (1 + d) + (y - exact r) * (1 + d) + (exact l + exact r) * d) by ring.
    assert (H1d : Rabs (1 + d) <= 1 + u).
    { pose proof (Rabs_triang 1 d); rewrite Rabs_R1 in *; lra. }
    eapply Rle_trans; [apply Rabs_triang|]; eapply Rle_trans; [apply Rplus_le_compat_r, Rabs_triang|].
    rewrite !Rabs_mult.
    pose proof (size_nonnegative l) as Sl; pose proof (size_nonnegative r) as Sr.
    assert (A : Rabs (x - exact l) * Rabs (1 + d) <= ((1 + u) ^ k - 1) * size l * (1 + u))
      by (apply Rmult_le_compat; try apply Rabs_pos; assumption).
    assert (B : Rabs (y - exact r) * Rabs (1 + d) <= ((1 + u) ^ m - 1) * size r * (1 + u))
      by (apply Rmult_le_compat; try apply Rabs_pos; assumption).
    assert (C : Rabs (exact l + exact r) * Rabs d <= (size l + size r) * u).
    { apply Rmult_le_compat; try apply Rabs_pos; [|exact Hd].
      pose proof (Rabs_triang (exact l) (exact r)); pose proof (exact_size l); pose proof (exact_size r); lra. }
    pose proof (Rmult_le_compat_r _ _ _ Sl Uk); pose proof (Rmult_le_compat_r _ _ _ Sr Um); lra.
Qed.

(** γ_K = K u / (1 - K u). *)
Definition gamma (u : R) (k : nat) : R := INR k * u / (1 - INR k * u).

Lemma power_gamma : forall u k, 0 <= u -> INR k * u < 1 -> (1 + u) ^ k - 1 <= gamma u k.
Proof.
  intros u k Hu Hk.
  assert (B : (1 + u) ^ k * (1 - INR k * u) <= 1).
  { induction k as [|k IH]; [simpl; lra|].
    rewrite S_INR in *; pose proof (pos_INR k); assert (INR k * u < 1) by nra; specialize (IH H0).
    simpl pow; assert (0 <= (1 + u) ^ k) by (apply pow_le; lra).
    assert ((1 + u) * (1 - (INR k + 1) * u) <= 1 - INR k * u) by nra.
    replace ((1 + u) * (1 + u) ^ k * (1 - (INR k + 1) * u)) with ((1 + u) ^ k * ((1 + u) * (1 - (INR k + 1) * u))) by ring.
    eapply Rle_trans; [apply Rmult_le_compat_l; [assumption|eassumption]|exact IH]. }
  unfold gamma; apply Rmult_le_reg_r with (1 - INR k * u); [lra|].
  replace (INR k * u / (1 - INR k * u) * (1 - INR k * u)) with (INR k * u) by (field; lra); lra.
Qed.

(** ** Products of matrices *)

Fixpoint squares (x : list R) : R := match x with [] => 0 | a :: x' => a ^ 2 + squares x' end.
Fixpoint dot (x y : list R) : R := match x, y with a :: x', b :: y' => a * b + dot x' y' | _, _ => 0 end.
Fixpoint absolute (x y : list R) : R := match x, y with a :: x', b :: y' => Rabs (a * b) + absolute x' y' | _, _ => 0 end.

Lemma squares_nonnegative : forall x, 0 <= squares x.
Proof. induction x as [|a x IH]; simpl squares; [lra|]; pose proof (pow2_ge_0 a); lra. Qed.
Lemma absolute_nonnegative : forall x y, 0 <= absolute x y.
Proof. induction x as [|a x IH]; intros [|b y]; simpl; try lra; pose proof (Rabs_pos (a * b)); specialize (IH y); lra. Qed.

(** Cauchy and Schwarz. *)
Lemma cauchy_schwarz : forall x y, absolute x y ^ 2 <= squares x * squares y.
Proof.
  induction x as [|a x IH]; intros [|b y]; cbn [absolute squares].
  - simpl; lra.
  - simpl; lra.
  - pose proof (squares_nonnegative x); pose proof (pow2_ge_0 a); simpl; lra.
  - specialize (IH y); pose proof (squares_nonnegative x) as X0; pose proof (squares_nonnegative y) as Y0.
    pose proof (absolute_nonnegative x y) as S0.
    set (s := absolute x y) in *; set (X := squares x) in *; set (Y := squares y) in *; clearbody s X Y.
    rewrite Rabs_mult, <- (pow2_abs a), <- (pow2_abs b).
    pose proof (Rabs_pos a) as A0; pose proof (Rabs_pos b) as B0.
    set (p := Rabs a) in *; set (q := Rabs b) in *; clearbody p q.
    assert (2 * s * (p * q) <= X * q ^ 2 + Y * p ^ 2); [|nra].
    destruct (Req_dec X 0) as [Z|N].
    + assert (s = 0) by nra; subst s; rewrite Z; pose proof (pow2_ge_0 p); nra.
    + apply Rmult_le_reg_l with X; [lra|].
      pose proof (pow2_ge_0 (X * q - s * p)); pose proof (Rmult_le_pos (X * Y - s ^ 2) (p ^ 2) ltac:(lra) (pow2_ge_0 p)); nra.
Qed.

(** The rows of the first matrix, the columns of the second, the entries of the error by rows. *)
Fixpoint row_errs (g : R) (a : list R) (columns : list (list R)) (errors : list R) : Prop :=
  match columns, errors with
  | b :: columns', e :: errors' => Rabs e <= g * absolute a b /\ row_errs g a columns' errors'
  | [], [] => True
  | _, _ => False
  end.
Fixpoint product_errs (g : R) (rows columns errors : list (list R)) : Prop :=
  match rows, errors with
  | a :: rows', e :: errors' => row_errs g a columns e /\ product_errs g rows' columns errors'
  | [], [] => True
  | _, _ => False
  end.
Fixpoint frobenius (m : list (list R)) : R := match m with [] => 0 | r :: m' => squares r + frobenius m' end.

Lemma frobenius_nonnegative : forall m, 0 <= frobenius m.
Proof. induction m as [|r m IH]; simpl; [lra|]; pose proof (squares_nonnegative r); lra. Qed.

(** The error of a product, in squares of Frobenius norms: ‖E‖² ≤ γ² ‖A‖² ‖B‖². *)
Theorem product_error : forall g rows columns errors, 0 <= g -> product_errs g rows columns errors ->
  frobenius errors <= g ^ 2 * (frobenius rows * frobenius columns).
Proof.
  intros g rows columns errors Hg; revert errors; induction rows as [|a rows IH]; intros [|e errors] H; try contradiction.
  - simpl; lra.
  - destruct H as [Hr H]; specialize (IH errors H); cbn [frobenius].
    assert (R0 : squares e <= g ^ 2 * (squares a * frobenius columns)); [|lra].
    clear IH H; revert e Hr; induction columns as [|b columns IHc]; intros [|x e] Hr; try contradiction; cbn [squares frobenius].
    + simpl; lra.
    + destruct Hr as [Hx Hr]; specialize (IHc e Hr).
      pose proof (cauchy_schwarz a b) as CS; pose proof (absolute_nonnegative a b) as S0.
      assert (x ^ 2 <= g ^ 2 * absolute a b ^ 2).
      { rewrite <- (pow2_abs x), <- Rpow_mult_distr; apply pow_incr; split; [apply Rabs_pos|exact Hx]. }
      pose proof (Rmult_le_compat_l _ _ _ (pow2_ge_0 g) CS); lra.
Qed.

(** ** One step *)

Section Step.

(** Matrices: what is used of their arithmetic, their spectral and their Frobenius norm. *)
Variable matrix : Type.
Variables (plus times : matrix -> matrix -> matrix) (scale : R -> matrix -> matrix).
Variables (spectral frobenius_norm : matrix -> R).
Local Infix "⊕" := plus (at level 50, left associativity).
Local Infix "⊗" := times (at level 40, left associativity).
Local Notation "⟦ x ⟧" := (frobenius_norm x).

Hypothesis norm_nonnegative : forall x, 0 <= ⟦x⟧.
Hypothesis spectral_nonnegative : forall x, 0 <= spectral x.
Hypothesis spectral_at_most : forall x, spectral x <= ⟦x⟧.
Hypothesis triangle : forall x y, ⟦x ⊕ y⟧ <= ⟦x⟧ + ⟦y⟧.
Hypothesis norm_scale : forall k x, ⟦scale k x⟧ = Rabs k * ⟦x⟧.
Hypothesis norm_left : forall x y, ⟦x ⊗ y⟧ <= spectral x * ⟦y⟧.
Hypothesis norm_right : forall x y, ⟦x ⊗ y⟧ <= ⟦x⟧ * spectral y.

(** p(A + E) - p(A) for p(y) = b y + c y²: b E + c (A E + E A + E E). *)
Definition perturbed (b c : R) (A E : matrix) : matrix := scale b E ⊕ scale c (A ⊗ E ⊕ E ⊗ A ⊕ E ⊗ E).

Theorem perturbed_bound : forall b c A E a e, spectral A <= a -> ⟦E⟧ <= e ->
  ⟦perturbed b c A E⟧ <= (Rabs b + 2 * Rabs c * a) * e + Rabs c * e ^ 2.
Proof.
  intros b c A E a e HA HE; unfold perturbed.
  pose proof (norm_nonnegative E) as E0; pose proof (spectral_nonnegative A) as A0.
  pose proof (spectral_nonnegative E) as S0; pose proof (spectral_at_most E) as S1.
  pose proof (Rmult_le_compat _ _ _ _ A0 E0 HA HE) as L1.
  pose proof (Rmult_le_compat _ _ _ _ E0 A0 HE HA) as L2.
  pose proof (Rmult_le_compat _ _ _ _ E0 S0 HE (Rle_trans _ _ _ S1 HE)) as L3.
  pose proof (norm_left A E) as N1; pose proof (norm_right E A) as N2; pose proof (norm_right E E) as N3.
  pose proof (triangle (A ⊗ E ⊕ E ⊗ A) (E ⊗ E)) as T1; pose proof (triangle (A ⊗ E) (E ⊗ A)) as T2.
  pose proof (triangle (scale b E) (scale c (A ⊗ E ⊕ E ⊗ A ⊕ E ⊗ E))) as T; rewrite !norm_scale in T.
  assert (In : (⟦A ⊗ E ⊕ E ⊗ A ⊕ E ⊗ E⟧ <= 2 * a * e + e ^ 2)) by lra.
  pose proof (Rmult_le_compat_l _ _ _ (Rabs_pos b) HE); pose proof (Rmult_le_compat_l _ _ _ (Rabs_pos c) In); lra.
Qed.

(** With A = X Xᵀ, what is computed is A + E1, p(A + E1) + E2 and k X + (p(A + E1) + E2) X + E3. The last differs from
    k X + p(A) X by the matrix below, and that errs by (D(e1) + e2) s + e3, where s bounds the spectral norm of X and a
    that of A. *)
Theorem step_error : forall b c X A E1 E2 E3 s a e1 e2 e3,
  spectral X <= s -> spectral A <= a -> ⟦E1⟧ <= e1 -> ⟦E2⟧ <= e2 -> ⟦E3⟧ <= e3 ->
  ⟦(perturbed b c A E1 ⊕ E2) ⊗ X ⊕ E3⟧ <= ((Rabs b + 2 * Rabs c * a) * e1 + Rabs c * e1 ^ 2 + e2) * s + e3.
Proof.
  intros b c X A E1 E2 E3 s a e1 e2 e3 HX HA H1 H2 H3.
  pose proof (perturbed_bound b c A E1 a e1 HA H1) as B; pose proof (triangle (perturbed b c A E1) E2) as T.
  pose proof (triangle ((perturbed b c A E1 ⊕ E2) ⊗ X) E3) as T3.
  pose proof (norm_right (perturbed b c A E1 ⊕ E2) X) as N.
  assert (In : (⟦perturbed b c A E1 ⊕ E2⟧ <= (Rabs b + 2 * Rabs c * a) * e1 + Rabs c * e1 ^ 2 + e2)) by lra.
  pose proof (Rmult_le_compat _ _ _ _ (norm_nonnegative (perturbed b c A E1 ⊕ E2)) (spectral_nonnegative X) In HX); lra.
Qed.

End Step.
