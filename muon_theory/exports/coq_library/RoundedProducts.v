(** * A product of matrices, rounded and stored

    Each entry of α P Q + β D is a sum of products that the arithmetic forms in some
    order, with α and β somewhere; then the matrix is stored. The two errors, in the
    Frobenius norm. *)

From Coq Require Import Reals List Permutation Lra Lia.
From MuonTheory Require Import RoundedSums Vectors Matrices.
Import ListNotations.
Local Open Scope R_scope.

(** ** What an arithmetic may return *)

(** α Σ a_l b_l + β d, of k products, in any way in which no term meets more than K roundings: the sum as it is, with
    at most 4k + 7 operations and readings in it, and nothing multiplied by more than α or β. *)
Definition formed (ar : arithmetic) (K k : nat) (α : R) (a b : vector) (β d x : R) : Prop :=
  exists t, computed ar t x /\
  exact t = α * sum k (fun l => a l * b l) + β * d /\
  products t <= Rabs α * sum k (fun l => Rabs (a l * b l)) /\ entries t <= Rabs (β * d) /\
  (roundings t <= K)%nat /\ (losses t <= 4 * k + 7)%nat /\ factor t <= Rmax 1 (Rmax (Rabs α) (Rabs β)) /\
  forall z, (forall l, (l < k)%nat -> Rabs (a l) <= z /\ Rabs (b l) <= z) -> operands z t.

(** Every entry of the m × n matrix C is such a sum for α P Q + β D, P with k columns. *)
Definition product (ar : arithmetic) (K m k n : nat) (α : R) (P Q : matrix) (β : R) (D C : matrix) : Prop :=
  forall i j, (i < m)%nat -> (j < n)%nat -> formed ar K k α (P i) (fun l => Q l j) β (D i j) (C i j).

(** C, stored. *)
Definition stored (ar : arithmetic) (m n : nat) (C S : matrix) : Prop :=
  norm m n (minus S C) <= storing ar * norm m n C + stored_tiny ar * sqrt (INR m * INR n).

(** Rounding each entry stores a matrix. *)
Lemma stored_by_entries : forall ar m n C S, 0 <= storing ar -> 0 <= stored_tiny ar ->
  (forall i j, (i < m)%nat -> (j < n)%nat -> Rabs (S i j - C i j) <= storing ar * Rabs (C i j) + stored_tiny ar) -> stored ar m n C S.
Proof.
  intros ar m n C S Hr Hη H; unfold stored.
  apply Rle_trans with (norm m n (plus (scale (storing ar) (fun i j => Rabs (C i j))) (fun _ _ => stored_tiny ar))).
  - apply norm_monotone; intros i j Hi Hj; specialize (H i j Hi Hj); unfold minus, plus, scale.
    eapply Rle_trans; [|apply Rle_abs]; replace (S i j + -1 * C i j) with (S i j - C i j) by ring; exact H.
  - eapply Rle_trans; [apply norm_triangle|]; rewrite norm_constant, norm_scale, (Rabs_pos_eq _ Hr) by exact Hη.
    apply Rplus_le_compat_r, Rmult_le_compat_l; [exact Hr|]; apply norm_monotone; intros; rewrite Rabs_Rabsolu; lra.
Qed.

(** A format with one scale a matrix errs by a share g of its largest entry, too: the roundoff r + g √entries (fp8). *)
Lemma stored_with_a_scale : forall ar m n C S r g, 0 <= r -> 0 <= g -> 0 <= stored_tiny ar ->
  storing ar = r + g * sqrt (INR m * INR n) ->
  (forall i j, (i < m)%nat -> (j < n)%nat -> Rabs (S i j - C i j) <= r * Rabs (C i j) + g * norm m n C + stored_tiny ar) ->
  stored ar m n C S.
Proof.
  intros ar m n C S r g Hr Hg Hη E H; unfold stored; pose proof (norm_nonnegative m n C) as N.
  assert (0 <= g * norm m n C + stored_tiny ar) by (pose proof (Rmult_le_pos _ _ Hg N); lra).
  apply Rle_trans with (norm m n (plus (scale r (fun i j => Rabs (C i j))) (fun _ _ => g * norm m n C + stored_tiny ar))).
  - apply norm_monotone; intros i j Hi Hj; specialize (H i j Hi Hj); unfold minus, plus, scale.
    eapply Rle_trans; [|apply Rle_abs]; replace (S i j + -1 * C i j) with (S i j - C i j) by ring; lra.
  - eapply Rle_trans; [apply norm_triangle|]; rewrite norm_constant, norm_scale, (Rabs_pos_eq _ Hr) by assumption.
    assert (norm m n (fun i j => Rabs (C i j)) <= norm m n C) by (apply norm_monotone; intros; rewrite Rabs_Rabsolu; lra).
    pose proof (Rmult_le_compat_l _ _ _ Hr H1); rewrite E; lra.
Qed.

(** ** In any order *)

(** An order of additions. *)
Inductive order := At (l : nat) | Then (x y : order).

Fixpoint summands (o : order) : list nat := match o with At l => [l] | Then x y => summands x ++ summands y end.
Fixpoint in_order (a b : vector) (o : order) : expression :=
  match o with At l => Product (a l) (b l) | Then x y => Sum (in_order a b x) (in_order a b y) end.

Definition over (f : nat -> R) (ls : list nat) : R := fold_right (fun l s => f l + s) 0 ls.

Lemma over_app : forall f x y, over f (x ++ y) = over f x + over f y.
Proof. intros f x y; induction x as [|l x IH]; simpl; [|rewrite IH]; ring. Qed.
Lemma over_permuted : forall f x y, Permutation x y -> over f x = over f y.
Proof. intros f x y H; induction H; simpl; try reflexivity; try lra. Qed.
Lemma over_seq : forall f k, over f (seq 0 k) = sum k f.
Proof. intros f k; induction k as [|k IH]; [reflexivity|rewrite seq_S, over_app, IH; simpl; ring]. Qed.

Lemma in_order_exact : forall a b o, exact (in_order a b o) = over (fun l => a l * b l) (summands o) /\
  products (in_order a b o) = over (fun l => Rabs (a l * b l)) (summands o) /\ entries (in_order a b o) = 0 /\ factor (in_order a b o) = 1.
Proof.
  intros a b; induction o as [l|x [X1 [X2 [X3 X4]]] y [Y1 [Y2 [Y3 Y4]]]]; simpl; [repeat split; ring|].
  rewrite X1, X2, X3, X4, Y1, Y2, Y3, Y4, !over_app; repeat split; [ring|apply Rmax_left; lra].
Qed.
Lemma in_order_counts : forall a b o, (roundings (in_order a b o) <= length (summands o))%nat /\
  (S (losses (in_order a b o)) = 4 * length (summands o))%nat /\ (1 <= length (summands o))%nat.
Proof. intros a b; induction o as [l|x IHx y IHy]; simpl; [lia|rewrite app_length; lia]. Qed.

(** Products added in any order, then times α, then β d added: no term meets more than k + 2 roundings. *)
Theorem any_order : forall ar k a b α β d o x, Permutation (summands o) (seq 0 k) ->
  computed ar (Sum (Scaled α (in_order a b o)) (Scaled β (Entry d))) x -> formed ar (k + 2) k α a b β d x.
Proof.
  intros ar k a b α β d o x H C; eexists; split; [exact C|].
  destruct (in_order_exact a b o) as [E1 [E2 [E3 E4]]]; destruct (in_order_counts a b o) as [R1 [L1 P1]].
  pose proof (Permutation_length H) as Len; rewrite seq_length in Len.
  simpl; rewrite E1, E2, E3, E4, !(over_permuted _ _ _ H), !over_seq, Rabs_mult; repeat split; try lra; try lia.
  - rewrite !Rmult_1_r; apply Rmax_lub; (apply Rmax_lub; [apply Rmax_l|eapply Rle_trans; [|apply Rmax_r]]); [apply Rmax_l|apply Rmax_r].
  - assert (In : forall l, In l (summands o) -> (l < k)%nat).
    { intros l Hl; apply (Permutation_in _ H) in Hl; apply in_seq in Hl; lia. }
    clear -H0 In; induction o as [l|x IHx y IHy]; simpl in *; [apply H0, In; auto|].
    split; [apply IHx|apply IHy]; intros l Hl; apply In, in_or_app; auto.
Qed.

(** ** The errors *)

Section Errors.

Variable ar : arithmetic.
Hypothesis sound : sensible ar.
Notation u := (unit ar).
Notation w := (reading ar).

(** γ_K, of which g is a bound; the same for products, whose operands are read; what underflow loses in a matrix with
    sums of k products, ρ the root of the number of its entries; storing what was summed. *)
Definition gamma (K : nat) : R := (1 + u) ^ K - 1.
Definition gamma_product (g : R) : R := (1 + w) ^ 2 * (1 + g) - 1.
Definition underflow (g ρ : R) (k : nat) (f z : R) : R :=
  (INR (4 * k + 7) * Rmax 1 z * tiny ar * 2 * Rmax 1 f * (1 + g) + stored_tiny ar) * ρ.
Definition store (size summed : R) : R := storing ar * (size + summed) + summed.

Lemma underflow_nonnegative : forall g ρ k f z, 0 <= g -> 0 <= ρ -> 0 <= underflow g ρ k f z.
Proof.
  intros g ρ k f z Hg Hρ; unfold underflow; pose proof (pos_INR (4 * k + 7)) as N.
  pose proof (Rmax_l 1 z); pose proof (Rmax_l 1 f); destruct sound as (_ & _ & Ht & _ & Hη & _).
  set (c := INR (4 * k + 7)) in *; clearbody c; apply Rmult_le_pos; [|lra]; apply Rplus_le_le_0_compat; [|exact Hη].
  repeat apply Rmult_le_pos; lra.
Qed.

Lemma gamma_nonnegative : forall K, 0 <= gamma K.
Proof. intros K; unfold gamma; pose proof (powers_grow ar sound 0 K ltac:(lia)) as [_ U]; rewrite pow_O in U; lra. Qed.
Lemma gamma_product_nonnegative : forall g, 0 <= g -> 0 <= gamma_product g.
Proof. intros g Hg; destruct sound as [_ [Hw _]]; unfold gamma_product; simpl; nra. Qed.

Variables (K L m k n : nat) (g gL ρ α β : R) (P Q D C S : matrix) (p q d z size : R).
Hypothesis later : (K <= L + 2)%nat.
Hypotheses (g_bound : gamma K <= g) (gL_bound : gamma L <= gL) (ρ_bound : sqrt (INR m * INR n) <= ρ).
Hypothesis summed : product ar K m k n α P Q β D C.
Hypothesis kept : stored ar m n C S.
Hypotheses (P_size : norm m k P <= p) (Q_size : norm k n Q <= q) (D_size : norm m n D <= d).
Hypothesis P_entries : forall i l, (i < m)%nat -> (l < k)%nat -> Rabs (P i l) <= z.
Hypothesis Q_entries : forall l j, (l < k)%nat -> (j < n)%nat -> Rabs (Q l j) <= z.
Hypothesis size_bound : norm m n (plus (scale α (times k P Q)) (scale β D)) <= size.

Definition lost : R := loss ar (Rmax 1 z) * INR (4 * k + 7) * Rmax 1 (Rmax (Rabs α) (Rabs β)) * (1 + u) ^ K.

Lemma lost_nonnegative : 0 <= lost.
Proof.
  unfold lost; pose proof (tiny_loss ar sound (Rmax 1 z) (Rmax_l 1 z)) as T; pose proof (Rmax_l 1 (Rmax (Rabs α) (Rabs β))).
  destruct (powers_grow ar sound 0 K ltac:(lia)) as [_ U]; rewrite pow_O in U; pose proof (pos_INR (4 * k + 7)).
  set (x := loss ar (Rmax 1 z)) in *; clearbody x; repeat apply Rmult_le_pos; lra.
Qed.

Lemma summed_entry : forall i j, (i < m)%nat -> (j < n)%nat ->
  Rabs (minus C (plus (scale α (times k P Q)) (scale β D)) i j) <=
  Rabs (gamma_product g * Rabs α * sum k (fun l => Rabs (P i l * Q l j)) + g * Rabs β * Rabs (D i j) + lost).
Proof.
  intros i j Hi Hj; destruct (summed i j Hi Hj) as (t & Ht & E & Hp & He & Hr & Hl & Hf & Ho).
  specialize (Ho (Rmax 1 z)); pose proof (computed_error ar sound (Rmax 1 z) (Rmax_l 1 z) t (C i j)) as Err.
  eapply Rle_trans; [|apply Rle_abs].
  replace (minus C (plus (scale α (times k P Q)) (scale β D)) i j) with (C i j - exact t)
    by (rewrite E; unfold minus, plus, scale, times; ring).
  eapply Rle_trans; [apply Err; [apply Ho|exact Ht]|].
  - intros l Hlk; split; (eapply Rle_trans; [|apply Rmax_r]); [apply P_entries|apply Q_entries]; assumption.
  - pose proof (sizes_nonnegative t) as [S1 [S2 S3]]; eapply Rle_trans.
    + apply (most_grows ar sound (Rmax 1 z) (Rmax_l 1 z)) with (k := K) (g := Rmax 1 (Rmax (Rabs α) (Rabs β))); try assumption; lra.
    + pose proof (powers_grow ar sound 0 K ltac:(lia)) as [_ U]; rewrite pow_O in U.
      pose proof (tiny_loss ar sound (Rmax 1 z) (Rmax_l 1 z)); pose proof (Rmax_l 1 (Rmax (Rabs α) (Rabs β))) as F1.
      destruct sound as [Hu [Hw _]]; unfold most, lost, gamma_product; unfold gamma in g_bound.
      assert (G : 0 <= (1 + w) ^ 2 * (1 + u) ^ K - 1 <= (1 + w) ^ 2 * (1 + g) - 1) by (simpl in *; nra).
      pose proof (Rmult_le_compat _ _ _ _ (proj1 G) S1 (proj2 G) Hp) as M1.
      pose proof (Rmult_le_compat ((1 + u) ^ K - 1) g _ _ ltac:(lra) S2 ltac:(lra) He) as M2; rewrite Rabs_mult in M2.
      apply le_INR in Hl; pose proof (Rmult_le_compat_l _ _ _ (Rle_trans _ _ _ (proj1 H) (proj2 H)) Hl) as M3.
      assert (M4 : loss ar (Rmax 1 z) * INR (losses t) * Rmax 1 (Rmax (Rabs α) (Rabs β)) * (1 + u) ^ K <=
                   loss ar (Rmax 1 z) * INR (4 * k + 7) * Rmax 1 (Rmax (Rabs α) (Rabs β)) * (1 + u) ^ K).
      { apply Rmult_le_compat_r; [lra|]; apply Rmult_le_compat_r; [lra|exact M3]. }
      lra.
Qed.

Definition sums : R := gamma_product g * Rabs α * (p * q) + g * Rabs β * d.

Lemma summed_error : norm m n (minus C (plus (scale α (times k P Q)) (scale β D))) <= sums + lost * sqrt (INR m * INR n).
Proof.
  assert (G : 0 <= g) by (eapply Rle_trans; [apply (gamma_nonnegative K)|exact g_bound]).
  pose proof (gamma_product_nonnegative g G) as G'; pose proof lost_nonnegative as Hl.
  eapply Rle_trans; [apply norm_monotone; intros i j Hi Hj;
    apply (summed_entry i j Hi Hj : _ <= Rabs (plus (plus (scale (gamma_product g * Rabs α) (fun i j => sum k (fun l => Rabs (P i l * Q l j))))
      (scale (g * Rabs β) (fun i j => Rabs (D i j)))) (fun _ _ => lost) i j))|].
  eapply Rle_trans; [apply norm_triangle|]; rewrite norm_constant by exact Hl; apply Rplus_le_compat_r.
  eapply Rle_trans; [apply norm_triangle|]; rewrite !norm_scale, !Rabs_mult, !Rabs_Rabsolu, (Rabs_pos_eq _ G), (Rabs_pos_eq _ G').
  unfold sums; apply Rplus_le_compat; (apply Rmult_le_compat_l; [apply Rmult_le_pos; [assumption|apply Rabs_pos]|]).
  - eapply Rle_trans; [apply norm_absolute|]; apply Rmult_le_compat; try apply norm_nonnegative; assumption.
  - eapply Rle_trans; [|exact D_size]; apply norm_monotone; intros; rewrite Rabs_Rabsolu; lra.
Qed.

(** What is lost, times 1 + r for storing, is within `underflow`. *)
Lemma lost_underflow : (1 + storing ar) * (lost * sqrt (INR m * INR n)) + stored_tiny ar * sqrt (INR m * INR n) <=
  underflow gL ρ k (Rmax (Rabs α) (Rabs β)) z.
Proof.
  unfold underflow; set (σ := sqrt (INR m * INR n)) in *; assert (Hσ : 0 <= σ) by apply sqrt_pos; pose proof lost_nonnegative as L0.
  set (f := Rmax 1 (Rmax (Rabs α) (Rabs β))); set (y := Rmax 1 z); set (N := INR (4 * k + 7)).
  assert (Hf : 1 <= f) by apply Rmax_l; assert (Hy : 1 <= y) by apply Rmax_l; assert (HN : 0 <= N) by apply pos_INR.
  assert (B : (1 + storing ar) * lost <= N * y * tiny ar * 2 * f * (1 + gL)).
  { unfold lost, loss; unfold gamma in gL_bound; fold f y N; destruct (powers_grow ar sound K (L + 2) later) as [U1 U2].
    destruct (powers_grow ar sound 0 L ltac:(lia)) as [_ U0]; rewrite pow_O in U0; rewrite pow_add in U2.
    destruct sound as [Hu [Hw [Hτ [Hr [_ Slack]]]]].
    clearbody f y N; assert (Hc : 0 <= N * y * tiny ar * f) by (repeat apply Rmult_le_pos; lra).
    set (c := N * y * tiny ar * f) in *.
    assert ((1 + w + tiny ar) * (1 + storing ar) * (1 + u) ^ K <= 2 * (1 + gL)) as B.
    2:{ pose proof (Rmult_le_compat_l _ _ _ Hc B); unfold c in *; lra. }
    assert (0 <= (1 + w + tiny ar) * (1 + storing ar)) by (apply Rmult_le_pos; lra).
    apply Rle_trans with ((1 + w + tiny ar) * (1 + storing ar) * ((1 + u) ^ L * (1 + u) ^ 2)).
    - apply Rmult_le_compat_l; assumption.
    - pose proof (Rmult_le_compat_r ((1 + u) ^ L) _ _ ltac:(lra) Slack); lra. }
  destruct sound as (_ & _ & _ & Hr & Hη & _).
  apply Rle_trans with (((1 + storing ar) * lost + stored_tiny ar) * σ); [right; ring|].
  apply Rmult_le_compat; try lra; apply Rplus_le_le_0_compat; [apply Rmult_le_pos; lra|exact Hη].
Qed.

(** A stored product errs by r (‖result‖ + the sums' errors) + the sums' errors, and by underflow. *)
Theorem stored_product : norm m n (minus S (plus (scale α (times k P Q)) (scale β D))) <=
  store size sums + underflow gL ρ k (Rmax (Rabs α) (Rabs β)) z.
Proof.
  pose proof summed_error as E; pose proof lost_underflow as U; set (M := plus (scale α (times k P Q)) (scale β D)) in *.
  replace (minus S M) with (plus (minus S C) (minus C M)) by sums_of_matrices.
  assert (norm m n C <= size + (sums + lost * sqrt (INR m * INR n))).
  { replace C with (plus M (minus C M)) by sums_of_matrices; eapply Rle_trans; [apply norm_triangle|]; lra. }
  eapply Rle_trans; [apply norm_triangle|]; unfold stored in kept; unfold store.
  destruct sound as [_ [_ [_ [Hr _]]]]; pose proof (Rmult_le_compat_l _ _ _ Hr H); lra.
Qed.

End Errors.
