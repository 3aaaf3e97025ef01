(** * A sum of products, rounded

    The model of arithmetic: an operation returns its exact result times 1 + d,
    |d| ≤ u, plus at most τ (underflow); a product reads its two operands with a
    relative error of at most w (tf32), and each of them, as every other number
    that is read, with an error of at most τ besides (a subnormal number may be
    read as 0). From it: what a sum of products, with factors in front, can err by,
    in whatever order it is formed. Fused operations are those whose d is 0. *)

From Coq Require Import Reals Lra Lia.
Local Open Scope R_scope.

(** The constants of an arithmetic: u, w and τ of its sums; r and η of storing one. *)
Record arithmetic := Arithmetic { unit : R; reading : R; tiny : R; storing : R; stored_tiny : R }.

(** None is negative, and they are not absurdly large: (1 + w + τ)(1 + u)²(1 + r) ≤ 2. *)
Definition sensible (a : arithmetic) : Prop :=
  0 <= unit a /\ 0 <= reading a /\ 0 <= tiny a /\ 0 <= storing a /\ 0 <= stored_tiny a /\
  (1 + reading a + tiny a) * (1 + unit a) ^ 2 * (1 + storing a) <= 2.

(** How an entry is formed: a number that is read, a product of two that are, a number times what was formed, a sum. *)
Inductive expression := Entry (d : R) | Product (a b : R) | Scaled (c : R) (t : expression) | Sum (l r : expression).

Fixpoint exact (t : expression) : R :=
  match t with Entry d => d | Product a b => a * b | Scaled c t => c * exact t | Sum l r => exact l + exact r end.

(** The absolute values of its products, and of its other numbers, added up. *)
Fixpoint products (t : expression) : R :=
  match t with
  | Entry _ => 0 | Product a b => Rabs (a * b) | Scaled c t => Rabs c * products t | Sum l r => products l + products r
  end.
Fixpoint entries (t : expression) : R :=
  match t with Entry d => Rabs d | Product _ _ => 0 | Scaled c t => Rabs c * entries t | Sum l r => entries l + entries r end.

(** How many roundings a term meets, at most; how many operations and readings there are; by how much what is lost is
    multiplied afterwards. *)
Fixpoint roundings (t : expression) : nat :=
  match t with
  | Entry _ => 0 | Product _ _ => 1 | Scaled _ t => S (roundings t) | Sum l r => S (Nat.max (roundings l) (roundings r))
  end.
Fixpoint losses (t : expression) : nat :=
  match t with Entry _ => 1 | Product _ _ => 3 | Scaled _ t => S (losses t) | Sum l r => S (losses l + losses r) end.
Fixpoint factor (t : expression) : R :=
  match t with
  | Entry _ | Product _ _ => 1 | Scaled c t => Rmax 1 (Rabs c * factor t) | Sum l r => Rmax (factor l) (factor r)
  end.

(** No operand of a product is larger than z. *)
Fixpoint operands (z : R) (t : expression) : Prop :=
  match t with
  | Entry _ => True | Product a b => Rabs a <= z /\ Rabs b <= z
  | Scaled _ t => operands z t | Sum l r => operands z l /\ operands z r
  end.

Section Model.

Variable ar : arithmetic.
Notation u := (unit ar).
Notation w := (reading ar).
Notation τ := (tiny ar).

Definition rounds (x y : R) : Prop := exists d h, y = x * (1 + d) + h /\ Rabs d <= u /\ Rabs h <= τ.
Definition reads (x y : R) : Prop := exists d h, y = x * (1 + d) + h /\ Rabs d <= w /\ Rabs h <= τ.

(** What the arithmetic may return. *)
Inductive computed : expression -> R -> Prop :=
| entry_computed : forall d h, Rabs h <= τ -> computed (Entry d) (d + h)
| product_computed : forall a b a' b' y, reads a a' -> reads b b' -> rounds (a' * b') y -> computed (Product a b) y
| scaled_computed : forall c t x y, computed t x -> rounds (c * x) y -> computed (Scaled c t) y
| sum_computed : forall l r x x' y, computed l x -> computed r x' -> rounds (x + x') y -> computed (Sum l r) y.

Hypothesis sound : sensible ar.
Variable z : R.
Hypothesis one_z : 1 <= z.

(** One loss, at most. *)
Definition loss : R := (1 + w + τ) * τ * z.

(** An error after k roundings: products p, other numbers e, n losses, multiplied by f. *)
Definition most (k : nat) (p e : R) (n : nat) (f : R) : R :=
  ((1 + w) ^ 2 * (1 + u) ^ k - 1) * p + ((1 + u) ^ k - 1) * e + loss * INR n * f * (1 + u) ^ k.

Lemma tiny_loss : 0 <= τ <= loss.
Proof.
  destruct sound as [Hu [Hw [Ht _]]]; unfold loss; split; [exact Ht|].
  assert (1 <= (1 + w + τ) * z) by nra; nra.
Qed.

Lemma powers_grow : forall j k, (j <= k)%nat -> 1 <= (1 + u) ^ j <= (1 + u) ^ k.
Proof. intros j k H; destruct sound as [Hu _]; split; [apply pow_R1_Rle; lra|apply Rle_pow; [lra|exact H]]. Qed.

Lemma most_grows : forall j k p e n f g, (j <= k)%nat -> 0 <= p -> 0 <= e -> 0 <= f <= g -> most j p e n f <= most k p e n g.
Proof.
  intros j k p e n f g Hjk Hp He Hf; destruct (powers_grow j k Hjk) as [H1 H2]; pose proof tiny_loss; pose proof (pos_INR n).
  destruct sound as [Hu [Hw _]]; unfold most; assert (0 <= (1 + w) ^ 2) by apply pow2_ge_0.
  assert (A : (1 + w) ^ 2 * (1 + u) ^ j * p <= (1 + w) ^ 2 * (1 + u) ^ k * p).
  { apply Rmult_le_compat_r; [exact Hp|]; apply Rmult_le_compat_l; assumption. }
  pose proof (Rmult_le_compat_r e _ _ He H2).
  assert (loss * INR n * f * (1 + u) ^ j <= loss * INR n * g * (1 + u) ^ k); [|lra].
  assert (0 <= loss * INR n) by (apply Rmult_le_pos; lra).
  apply Rmult_le_compat; [apply Rmult_le_pos; lra|lra| |exact H2]; apply Rmult_le_compat_l; lra.
Qed.

(** One more rounding. *)
Lemma rounded : forall k p e n f t x y, 0 <= p -> 0 <= e -> 1 <= f -> Rabs t <= p + e ->
  Rabs (x - t) <= most k p e n f -> rounds x y -> Rabs (y - t) <= most (S k) p e (S n) f.
Proof.
  intros k p e n f t x y Hp He Hf Ht Hx (d & h & -> & Hd & Hh).
  destruct sound as [Hu [Hw _]]; pose proof tiny_loss as L; destruct (powers_grow 0 (S k) ltac:(lia)) as [_ P].
  replace (x * (1 + d) + h - t) with ((x - t) * (1 + d) + (t * d + h)) by ring.
  pose proof (Rabs_triang ((x - t) * (1 + d)) (t * d + h)) as T1; pose proof (Rabs_triang (t * d) h) as T2.
  rewrite !Rabs_mult in *.
  assert (D1 : Rabs (1 + d) <= 1 + u) by (pose proof (Rabs_triang 1 d); rewrite Rabs_R1 in *; lra).
  pose proof (Rmult_le_compat _ _ _ _ (Rabs_pos _) (Rabs_pos _) Hx D1) as M1.
  pose proof (Rmult_le_compat _ _ _ _ (Rabs_pos _) (Rabs_pos _) Ht Hd) as M2.
  apply Rle_trans with (most k p e n f * (1 + u) + (p + e) * u + loss); [lra|].
  unfold most; rewrite S_INR; rewrite <- !tech_pow_Rmult in *; set (U := (1 + u) ^ k) in *.
  assert (loss <= loss * f * ((1 + u) * U)).
  { replace loss with (loss * 1 * 1) at 1 by ring; simpl in P; apply Rmult_le_compat; try lra.
    apply Rmult_le_compat_l; lra. }
  lra.
Qed.

Lemma sizes_nonnegative : forall t, 0 <= products t /\ 0 <= entries t /\ 1 <= factor t.
Proof.
  induction t as [d|a b|c t [P [E F]]|l [P [E F]] r [P' [E' F']]]; simpl.
  - pose proof (Rabs_pos d); lra.
  - pose proof (Rabs_pos (a * b)); lra.
  - pose proof (Rabs_pos c); repeat split; try (apply Rmult_le_pos; assumption); apply Rmax_l.
  - repeat split; try lra; eapply Rle_trans; [exact F|apply Rmax_l].
Qed.
Lemma exact_size : forall t, Rabs (exact t) <= products t + entries t.
Proof.
  induction t as [d|a b|c t IH|l IHl r IHr]; simpl; try lra.
  - rewrite Rabs_mult; pose proof (Rmult_le_compat_l _ _ _ (Rabs_pos c) IH); lra.
  - pose proof (Rabs_triang (exact l) (exact r)); lra.
Qed.

(** What a product of two numbers that were read errs by, before it is rounded. *)
Lemma read_product : forall a b a' b', Rabs a <= z -> Rabs b <= z -> reads a a' -> reads b b' ->
  Rabs (a' * b' - a * b) <= most 0 (Rabs (a * b)) 0 2 1.
Proof.
  intros a b a' b' Ha Hb (d & h & -> & Hd & Hh) (d' & h' & -> & Hd' & Hh').
  destruct sound as [Hu [Hw [Hτ _]]]; unfold most, loss; simpl INR; rewrite pow_O.
  replace ((a * (1 + d) + h) * (b * (1 + d') + h') - a * b)
    with (a * b * (d + d' + d * d') + (a * (1 + d) * h' + (b * (1 + d') * h + h * h'))) by ring.
  pose proof (Rabs_triang (a * b * (d + d' + d * d')) (a * (1 + d) * h' + (b * (1 + d') * h + h * h'))) as T1.
  pose proof (Rabs_triang (a * (1 + d) * h') (b * (1 + d') * h + h * h')) as T2.
  pose proof (Rabs_triang (b * (1 + d') * h) (h * h')) as T3.
  pose proof (Rabs_triang (d + d') (d * d')) as T4; pose proof (Rabs_triang d d') as T5.
  pose proof (Rabs_triang 1 d) as T6; pose proof (Rabs_triang 1 d') as T7; rewrite Rabs_R1 in *; rewrite !Rabs_mult in *.
  set (A := Rabs a) in *; set (B := Rabs b) in *; set (D := Rabs d) in *; set (D' := Rabs d') in *.
  set (H := Rabs h) in *; set (H' := Rabs h') in *.
  assert (P : 0 <= A /\ 0 <= B /\ 0 <= D /\ 0 <= D' /\ 0 <= H /\ 0 <= H') by (repeat split; apply Rabs_pos).
  assert (0 <= A * B) by nra.
  assert (D * D' <= w * w) by (apply Rmult_le_compat; lra).
  assert (A * B * Rabs (d + d' + d * d') <= A * B * (2 * w + w * w)) by (apply Rmult_le_compat_l; lra).
  assert (A * Rabs (1 + d) * H' <= z * (1 + w) * τ).
  { apply Rmult_le_compat; try lra; [apply Rmult_le_pos; [lra|apply Rabs_pos]|].
    apply Rmult_le_compat; try lra; apply Rabs_pos. }
  assert (B * Rabs (1 + d') * H <= z * (1 + w) * τ).
  { apply Rmult_le_compat; try lra; [apply Rmult_le_pos; [lra|apply Rabs_pos]|].
    apply Rmult_le_compat; try lra; apply Rabs_pos. }
  assert (H * H' <= τ * τ) by (apply Rmult_le_compat; lra).
  assert (τ * τ <= z * (τ * τ)) by nra; assert (0 <= z * (τ * τ)) by nra; lra.
Qed.

(** By how much a computed sum errs. *)
Theorem computed_error : forall t x, operands z t -> computed t x ->
  Rabs (x - exact t) <= most (roundings t) (products t) (entries t) (losses t) (factor t).
Proof.
  intros t x O H; induction H as [d h Hh|a b a' b' y Ra Rb Ry|c t x y H IH Ry|l r x x' y Hl IHl Hr IHr Ry];
    simpl exact; simpl products; simpl entries; simpl roundings; simpl losses; simpl factor; simpl operands in O.
  - unfold most; rewrite !pow_O; simpl INR; replace (d + h - d) with h by ring; pose proof tiny_loss; lra.
  - apply rounded with (x := a' * b'); try assumption; try lra; [apply Rabs_pos|].
    apply read_product; tauto.
  - specialize (IH O); destruct (sizes_nonnegative t) as [P [E F]]; pose proof (Rabs_pos c) as C.
    apply rounded with (x := c * x); try assumption; [apply Rmult_le_pos; assumption..|apply Rmax_l| |].
    + rewrite Rabs_mult; pose proof (Rmult_le_compat_l _ _ _ C (exact_size t)); lra.
    + replace (c * x - c * exact t) with (c * (x - exact t)) by ring; rewrite Rabs_mult.
      eapply Rle_trans; [apply Rmult_le_compat_l; [exact C|exact IH]|].
      apply Rle_trans with (most (roundings t) (Rabs c * products t) (Rabs c * entries t) (losses t) (Rabs c * factor t)).
      * unfold most; right; ring.
      * apply most_grows; [lia|apply Rmult_le_pos; assumption..|split; [apply Rmult_le_pos; lra|apply Rmax_r]].
  - destruct O as [Ol Or]; specialize (IHl Ol); specialize (IHr Or).
    destruct (sizes_nonnegative l) as [P [E F]]; destruct (sizes_nonnegative r) as [P' [E' F']].
    set (k := Nat.max (roundings l) (roundings r)); set (f := Rmax (factor l) (factor r)).
    assert (Ll : most (roundings l) (products l) (entries l) (losses l) (factor l) <= most k (products l) (entries l) (losses l) f).
    { apply most_grows; [lia|assumption..|split; [lra|apply Rmax_l]]. }
    assert (Lr : most (roundings r) (products r) (entries r) (losses r) (factor r) <= most k (products r) (entries r) (losses r) f).
    { apply most_grows; [lia|assumption..|split; [lra|apply Rmax_r]]. }
    apply rounded with (x := x + x'); try assumption; try lra.
    + eapply Rle_trans; [exact F|apply Rmax_l].
    + pose proof (Rabs_triang (exact l) (exact r)); pose proof (exact_size l); pose proof (exact_size r); lra.
    + replace (x + x' - (exact l + exact r)) with (x - exact l + (x' - exact r)) by ring.
      eapply Rle_trans; [apply Rabs_triang|]; eapply Rle_trans; [apply Rplus_le_compat; [exact IHl|exact IHr]|].
      eapply Rle_trans; [apply Rplus_le_compat; [exact Ll|exact Lr]|].
      unfold most; rewrite plus_INR; right; ring.
Qed.

End Model.
