(** * Every symmetric matrix is nearly diagonal in some orthonormal basis

    Jacobi's rotations: turning two vectors of a basis moves the square of the
    entry between them to the diagonal. So where the squares of the diagonal add up
    to nearly as much as they can, no entry off the diagonal is large. *)

From Coq Require Import Reals Lra Lia.
From MuonTheory Require Import Vectors Matrices MatrixPolynomials Eigenbases.
Local Open Scope R_scope.

(** ** Turning two vectors *)

(** A sum of which two terms change and their sum does not. *)
Lemma sum_two : forall m p q f g, (p < m)%nat -> (q < m)%nat -> p <> q ->
  (forall k, (k < m)%nat -> k <> p -> k <> q -> f k = g k) -> sum m f - sum m g = f p + f q - (g p + g q).
Proof.
  intros m p q f g Hp Hq Ne H.
  replace (sum m f - sum m g) with (sum m (fun k => f k + -1 * g k)) by (rewrite sum_plus, sum_scale; ring).
  rewrite (sum_ext m _ (fun k => one p k * (f k + -1 * g k) + one q k * (f k + -1 * g k))).
  - rewrite sum_plus, (sum_one m p (fun k => f k + -1 * g k)), (sum_one m q (fun k => f k + -1 * g k)) by assumption; ring.
  - intros k Hk; unfold one; destruct (Nat.eqb_spec p k) as [->|Np], (Nat.eqb_spec q k) as [->|Nq]; try contradiction; try ring.
    rewrite H by auto; ring.
Qed.

(** The angle at which the entry between vanishes. *)
Lemma rotation : forall α β γ, exists c s, c ^ 2 + s ^ 2 = 1 /\
  (c ^ 2 * α + 2 * c * s * β + s ^ 2 * γ) ^ 2 + (s ^ 2 * α - 2 * c * s * β + c ^ 2 * γ) ^ 2 = α ^ 2 + γ ^ 2 + 2 * β ^ 2.
Proof.
  intros α β γ; destruct (Req_dec β 0) as [->|Hβ]; [exists 1, 0; split; ring|].
  set (δ := (α - γ) / 2); set (r := sqrt (δ ^ 2 + β ^ 2)); set (N := sqrt ((δ + r) ^ 2 + β ^ 2)).
  pose proof (pow2_ge_0 δ); pose proof (Rsqr_pos_lt β Hβ) as B; unfold Rsqr in B.
  assert (Er : r ^ 2 = δ ^ 2 + β ^ 2) by (apply pow2_sqrt; lra).
  assert (EN : N ^ 2 = (δ + r) ^ 2 + β ^ 2) by (apply pow2_sqrt; pose proof (pow2_ge_0 (δ + r)); lra).
  assert (HN : N <> 0) by (intros Z; rewrite Z in EN; pose proof (pow2_ge_0 (δ + r)); simpl in *; lra).
  exists ((δ + r) / N), (β / N); set (c := (δ + r) / N); set (s := β / N).
  assert (One : c ^ 2 + s ^ 2 = 1).
  { unfold c, s; replace (((δ + r) / N) ^ 2 + (β / N) ^ 2) with (((δ + r) ^ 2 + β ^ 2) / N ^ 2) by (field; exact HN).
    rewrite <- EN; field; exact HN. }
  split; [exact One|].
  assert (Z : (c ^ 2 - s ^ 2) * β + c * s * (γ - α) = 0).
  { replace (γ - α) with (-2 * δ) by (unfold δ; field); unfold c, s.
    replace ((((δ + r) / N) ^ 2 - (β / N) ^ 2) * β + (δ + r) / N * (β / N) * (-2 * δ)) with (β * (r ^ 2 - (δ ^ 2 + β ^ 2)) / N ^ 2)
      by (field; exact HN).
    rewrite Er; field; exact HN. }
  replace ((c ^ 2 * α + 2 * c * s * β + s ^ 2 * γ) ^ 2 + (s ^ 2 * α - 2 * c * s * β + c ^ 2 * γ) ^ 2)
    with ((c ^ 2 + s ^ 2) ^ 2 * (α ^ 2 + γ ^ 2 + 2 * β ^ 2) - 2 * ((c ^ 2 - s ^ 2) * β + c * s * (γ - α)) ^ 2) by ring.
  rewrite One, Z; ring.
Qed.

Definition turned (u : matrix) (p q : nat) (c s : R) : matrix := fun k i =>
  if Nat.eqb k p then c * u p i + s * u q i else if Nat.eqb k q then c * u q i - s * u p i else u k i.

Lemma turned_p : forall u p q c s i, turned u p q c s p i = c * u p i + s * u q i.
Proof. intros; unfold turned; rewrite Nat.eqb_refl; reflexivity. Qed.
Lemma turned_q : forall u p q c s i, p <> q -> turned u p q c s q i = c * u q i - s * u p i.
Proof. intros u p q c s i N; unfold turned; rewrite Nat.eqb_refl; destruct (Nat.eqb_spec q p) as [E|_]; [symmetry in E; contradiction|reflexivity]. Qed.
Lemma turned_other : forall u p q c s k i, k <> p -> k <> q -> turned u p q c s k i = u k i.
Proof. intros u p q c s k i Hp Hq; unfold turned; destruct (Nat.eqb_spec k p), (Nat.eqb_spec k q); try contradiction; reflexivity. Qed.

Section Turned.

Variables (m : nat) (u : matrix) (p q : nat) (c s : R).

(** What is linear in each of two vectors of the basis. *)
Variable B : vector -> vector -> R.
Hypothesis B_ext : forall x x' z z', (forall i, (i < m)%nat -> x i = x' i) -> (forall i, (i < m)%nat -> z i = z' i) -> B x z = B x' z'.
Hypothesis B_left : forall d e x x' z, B (fun i => d * x i + e * x' i) z = d * B x z + e * B x' z.
Hypothesis B_right : forall d e x z z', B x (fun i => d * z i + e * z' i) = d * B x z + e * B x z'.

Definition part (k : nat) : (R * nat) * (R * nat) :=
  if Nat.eqb k p then ((c, p), (s, q)) else if Nat.eqb k q then ((c, q), (- s, p)) else ((1, k), (0, k)).

Lemma turned_form : forall k l, B (turned u p q c s k) (turned u p q c s l) =
  match part k, part l with ((d, x), (e, x')), ((d', z), (e', z')) =>
    d * (d' * B (u x) (u z) + e' * B (u x) (u z')) + e * (d' * B (u x') (u z) + e' * B (u x') (u z')) end.
Proof.
  intros k l.
  assert (T : forall k i, turned u p q c s k i = match part k with ((d, x), (e, x')) => d * u x i + e * u x' i end).
  { intros j i; unfold turned, part; destruct (Nat.eqb j p); [reflexivity|destruct (Nat.eqb j q)]; ring. }
  rewrite (B_ext _ (fun i => match part k with ((d, x), (e, x')) => d * u x i + e * u x' i end) _
    (fun i => match part l with ((d, x), (e, x')) => d * u x i + e * u x' i end)) by (intros; apply T).
  destruct (part k) as [[d x] [e x']], (part l) as [[d' z] [e' z']]; rewrite B_left, !B_right; reflexivity.
Qed.

End Turned.

Lemma dot_ext : forall m x x' z z', (forall i, (i < m)%nat -> x i = x' i) -> (forall i, (i < m)%nat -> z i = z' i) -> dot m x z = dot m x' z'.
Proof. intros; unfold dot; apply sum_ext; intros; f_equal; auto. Qed.
Lemma dot_left : forall m d e x x' z, dot m (fun i => d * x i + e * x' i) z = d * dot m x z + e * dot m x' z.
Proof. intros; unfold dot; rewrite <- !sum_scale, <- sum_plus; apply sum_ext; intros; ring. Qed.
Lemma dot_sym : forall m x z, dot m x z = dot m z x.
Proof. intros; unfold dot; apply sum_ext; intros; ring. Qed.
Lemma dot_right : forall m d e x z z', dot m x (fun i => d * z i + e * z' i) = d * dot m x z + e * dot m x z'.
Proof. intros; rewrite !(dot_sym m x), dot_left; reflexivity. Qed.

Lemma turned_orthonormal : forall m u p q c s, orthonormal m u -> (p < m)%nat -> (q < m)%nat -> p <> q -> c ^ 2 + s ^ 2 = 1 ->
  orthonormal m (turned u p q c s).
Proof.
  intros m u p q c s [C P] Hp Hq Ne T; split.
  - intros i j Hi Hj; rewrite <- (C i j Hi Hj).
    pose proof (sum_two m p q (fun k => turned u p q c s k i * turned u p q c s k j) (fun k => u k i * u k j) Hp Hq Ne) as S.
    cbv beta in S; rewrite !turned_p, !turned_q in S by exact Ne.
    assert (E : (c * u p i + s * u q i) * (c * u p j + s * u q j) + (c * u q i - s * u p i) * (c * u q j - s * u p j) =
      (c ^ 2 + s ^ 2) * (u p i * u p j + u q i * u q j)) by ring.
    rewrite T in E; assert (forall k, (k < m)%nat -> k <> p -> k <> q -> turned u p q c s k i * turned u p q c s k j = u k i * u k j)
      by (intros; rewrite !turned_other by assumption; reflexivity).
    specialize (S H); lra.
  - intros k l Hk Hl; rewrite (turned_form m u p q c s (dot m) (dot_ext m) (dot_left m) (dot_right m)); unfold part.
    assert (O : forall i, one i i = 1) by (intros; unfold one; rewrite Nat.eqb_refl; reflexivity).
    assert (Z : forall i j, i <> j -> one i j = 0) by (intros i j; unfold one; destruct (Nat.eqb_spec i j); [contradiction|reflexivity]).
    destruct (Nat.eqb_spec k p) as [->|], (Nat.eqb_spec l p) as [->|]; try destruct (Nat.eqb_spec k q) as [->|];
      try destruct (Nat.eqb_spec l q) as [->|]; rewrite !P, ?O by assumption; rewrite ?(Z p q), ?(Z q p) by auto;
      rewrite ?(Z p l), ?(Z q l), ?(Z k p), ?(Z k q) by auto; try lra; ring.
Qed.

(** ** The diagonal *)

Section Symmetric.

Variables (m : nat) (A : matrix).
Hypothesis symmetric : forall i j, (i < m)%nat -> (j < m)%nat -> A i j = A j i.

(** x A z. *)
Definition form (x z : vector) : R := sum m (fun i => x i * dot m (A i) z).
Definition diagonal (u : matrix) : R := sum m (fun k => form (u k) (u k) ^ 2).

Lemma form_ext : forall x x' z z', (forall i, (i < m)%nat -> x i = x' i) -> (forall i, (i < m)%nat -> z i = z' i) -> form x z = form x' z'.
Proof. intros x x' z z' Hx Hz; unfold form; apply sum_ext; intros i Hi; rewrite (Hx i Hi), (dot_ext m (A i) (A i) z z') by auto; reflexivity. Qed.
Lemma form_left : forall d e x x' z, form (fun i => d * x i + e * x' i) z = d * form x z + e * form x' z.
Proof. intros; unfold form; rewrite <- !sum_scale, <- sum_plus; apply sum_ext; intros; ring. Qed.
Lemma form_right : forall d e x z z', form x (fun i => d * z i + e * z' i) = d * form x z + e * form x z'.
Proof. intros; unfold form; rewrite <- !sum_scale, <- sum_plus; apply sum_ext; intros; rewrite dot_right; ring. Qed.
Lemma form_sym : forall x z, form x z = form z x.
Proof.
  intros x z; unfold form, dot.
  rewrite (sum_ext m _ (fun i => sum m (fun j => x i * A i j * z j))) by (intros; rewrite <- sum_scale; apply sum_ext; intros; ring).
  rewrite sum_exchange; apply sum_ext; intros j Hj; rewrite <- sum_scale; apply sum_ext; intros i Hi.
  rewrite (symmetric i j) by assumption; ring.
Qed.
Lemma coordinates_form : forall u k l, coordinates m u A k l = form (u k) (u l).
Proof.
  intros u k l; unfold coordinates; rewrite times_assoc; unfold form, times, transpose, dot.
  apply sum_ext; intros; f_equal; apply sum_ext; intros; ring.
Qed.

Lemma diagonal_most : forall u, orthonormal m u -> diagonal u <= norm m m A ^ 2.
Proof.
  intros u H; rewrite (norm_coordinates m u H), norm_squared; unfold diagonal; apply sum_le; intros k Hk.
  rewrite <- coordinates_form; apply (sum_term m (fun l => coordinates m u A k l ^ 2) k Hk); intros; apply pow2_ge_0.
Qed.

(** A turn by the right angle moves an entry to the diagonal. *)
Lemma diagonal_grows : forall u p q, orthonormal m u -> (p < m)%nat -> (q < m)%nat -> p <> q ->
  exists v, orthonormal m v /\ diagonal v = diagonal u + 2 * form (u p) (u q) ^ 2.
Proof.
  intros u p q H Hp Hq Ne.
  destruct (rotation (form (u p) (u p)) (form (u p) (u q)) (form (u q) (u q))) as (c & s & T & E).
  exists (turned u p q c s); split; [apply turned_orthonormal; assumption|].
  pose proof (sum_two m p q (fun k => form (turned u p q c s k) (turned u p q c s k) ^ 2) (fun k => form (u k) (u k) ^ 2) Hp Hq Ne) as S.
  assert (O : forall k, (k < m)%nat -> k <> p -> k <> q -> form (turned u p q c s k) (turned u p q c s k) ^ 2 = form (u k) (u k) ^ 2).
  { intros; f_equal; apply form_ext; intros; apply turned_other; assumption. }
  specialize (S O); cbv beta in S; clear O; unfold diagonal.
  rewrite !(turned_form m u p q c s form form_ext form_left form_right) in S; unfold part in S.
  rewrite !Nat.eqb_refl in S; destruct (Nat.eqb_spec q p); [subst; contradiction|].
  rewrite (form_sym (u q) (u p)) in S.
  set (α := form (u p) (u p)) in *; set (β := form (u p) (u q)) in *; set (γ := form (u q) (u q)) in *.
  replace (c * (c * α + s * β) + s * (c * β + s * γ)) with (c ^ 2 * α + 2 * c * s * β + s ^ 2 * γ) in S by ring.
  replace (c * (c * γ + - s * β) + - s * (c * β + - s * α)) with (s ^ 2 * α - 2 * c * s * β + c ^ 2 * γ) in S by ring.
  lra.
Qed.

Lemma one_orthonormal : orthonormal m one.
Proof.
  split; intros i j Hi Hj.
  - rewrite (sum_ext m _ (fun k => one i k * one k j)); [apply (sum_one m i (fun k => one k j)), Hi|].
    intros k _; f_equal; unfold one; rewrite Nat.eqb_sym; reflexivity.
  - unfold dot; rewrite (sum_one m i (one j)) by exact Hi; unfold one; rewrite Nat.eqb_sym; reflexivity.
Qed.

Theorem nearly_diagonal : forall ε, 0 < ε -> exists u, orthonormal m u /\
  forall k l, (k < m)%nat -> (l < m)%nat -> k <> l -> form (u k) (u l) ^ 2 <= ε.
Proof.
  intros ε Hε; set (V := fun v => exists u, orthonormal m u /\ v = diagonal u).
  destruct (completeness V) as [σ [Up Least]].
  - exists (norm m m A ^ 2); intros v (u & H & ->); apply diagonal_most, H.
  - exists (diagonal one), one; split; [apply one_orthonormal|reflexivity].
  - assert (N : ~ is_upper_bound V (σ - ε)) by (intros H; specialize (Least _ H); lra).
    assert (exists u, orthonormal m u /\ σ - ε < diagonal u) as (u & Hu & Hd).
    { apply Classical_Prop.NNPP; intros C; apply N; intros v (u & H & ->); apply Rnot_lt_le; intros L; apply C; exists u; auto. }
    exists u; split; [exact Hu|]; intros k l Hk Hl Ne.
    destruct (diagonal_grows u k l Hu Hk Hl Ne) as (v & Hv & E).
    pose proof (Up (diagonal v) (ex_intro _ v (conj Hv eq_refl))); pose proof (pow2_ge_0 (form (u k) (u l))); lra.
Qed.

End Symmetric.
