(** * Iterates of one map on [l, 1]

    What the values of f, f∘f, ... on [l, 1] have in common with one another,
    if the T-th ones all lie near 1: each set of them is an interval, none holds
    0, and a map that reaches far at first reaches ever further. *)

From Coq Require Import Reals Arith Lra Lia.
From MuonTheory Require Import Bands.
Local Open Scope R_scope.

(** One step first, or last. *)
Lemma iter_next : forall (f : R -> R) k x, Nat.iter (S k) f x = Nat.iter k f (f x).
Proof. intros f k x; induction k as [|k IH]; [reflexivity|]; simpl in *; rewrite IH; reflexivity. Qed.

Section Values.

Variable f : R -> R.
Variable l : R.

(** The values of f, k times; and those of f up to k times. *)
Fixpoint values_at (k : nat) (y : R) : Prop :=
  match k with O => l <= y <= 1 | S k' => exists x, values_at k' x /\ y = f x end.
Fixpoint values_by (k : nat) (y : R) : Prop :=
  match k with O => l <= y <= 1 | S k' => l <= y <= 1 \/ exists x, values_by k' x /\ y = f x end.

Lemma values_iter : forall k y, values_at k y <-> exists x, l <= x <= 1 /\ y = Nat.iter k f x.
Proof.
  induction k as [|k IH]; intros y; cbn [values_at].
  - split; [intros H; exists y; split; [exact H|reflexivity]|intros [x [H ->]]; exact H].
  - split.
    + intros [z [Hz ->]]; apply IH in Hz as [x [Hx ->]]; exists x; split; [exact Hx|reflexivity].
    + intros [x [Hx ->]]; exists (Nat.iter k f x); split; [apply IH; exists x; auto|reflexivity].
Qed.

(** Iterating goes on. *)
Lemma values_further : forall j k y, values_at k y -> values_at (j + k) (Nat.iter j f y).
Proof. induction j as [|j IH]; intros k y H; [exact H|]; exists (Nat.iter j f y); split; [apply IH, H|reflexivity]. Qed.

(** Those up to k times are those of some number of times. *)
Lemma values_some : forall k y, values_by k y -> exists j, (j <= k)%nat /\ values_at j y.
Proof.
  induction k as [|k IH]; intros y H; cbn [values_by] in H.
  - exists 0%nat; auto.
  - destruct H as [H|[x [H ->]]]; [exists 0%nat; split; [lia|exact H]|].
    destruct (IH x H) as [j [Hj Hx]]; exists (S j); split; [lia|exists x; auto].
Qed.
Lemma values_start : forall k y, l <= y <= 1 -> values_by k y.
Proof. intros [|k] y H; [exact H|left; exact H]. Qed.
Lemma values_all : forall k j y, (j <= k)%nat -> values_at j y -> values_by k y.
Proof.
  induction k as [|k IH]; intros [|j] y Hj H; try lia; [exact H|left; exact H|].
  destruct H as [x [H ->]]; right; exists x; split; [apply (IH j); [lia|exact H]|reflexivity].
Qed.

End Values.

(** A map with f(0) = 0 of which no T-th value is 0, and which takes some value in [l, 1] to [l, 1]. *)
Record lasting (f : R -> R) (l : R) (T : nat) : Prop := {
  continuous : continuity f;
  at_zero : f 0 = 0;
  l_in : 0 < l <= 1;
  some_step : (0 < T)%nat;
  no_zero : forall x, l <= x <= 1 -> Nat.iter T f x <> 0;
  meets : exists x, l <= x <= 1 /\ l <= f x <= 1 }.
Arguments continuous {f l T}. Arguments at_zero {f l T}. Arguments l_in {f l T}. Arguments some_step {f l T}.
Arguments no_zero {f l T}. Arguments meets {f l T}.

Section Lasting.

Context {f : R -> R} {l : R} {T : nat}.
Hypothesis good : lasting f l T.
Local Notation values_at := (values_at f l).
Local Notation values_by := (values_by f l).

(** The image of a closed interval is one. *)
Lemma image_segment : forall a b, a <= b ->
  exists c d, c <= d /\ forall y, (exists x, a <= x <= b /\ y = f x) <-> c <= y <= d.
Proof.
  intros a b Hab.
  destruct (continuity_ab_min f a b Hab (fun x _ => continuous good x)) as [lo [Hlo Ilo]].
  destruct (continuity_ab_maj f a b Hab (fun x _ => continuous good x)) as [hi [Hhi Ihi]].
  exists (f lo), (f hi); split; [apply Hlo, Ihi|]; intros y; split.
  - intros [x [Hx ->]]; split; [apply Hlo|apply Hhi]; exact Hx.
  - intros Hy; destruct (intermediate_value f lo hi y (continuous good) Hy) as [x [Hx E]].
    exists x; split; [|symmetry; exact E]; unfold Rmin, Rmax in Hx; destruct (Rle_dec lo hi); lra.
Qed.

Lemma at_segment : forall k, exists a b, a <= b /\ forall y, values_at k y <-> a <= y <= b.
Proof.
  induction k as [|k [a [b [Hab IH]]]].
  - pose proof (l_in good); exists l, 1; split; [lra|intros y; reflexivity].
  - destruct (image_segment a b Hab) as [c [d [Hcd H]]]; exists c, d; split; [exact Hcd|].
    intros y; rewrite <- H; split; intros [x [Hx E]]; exists x; split; try exact E; apply IH, Hx.
Qed.

Lemma at_between : forall k u v z, values_at k u -> values_at k v -> u <= z <= v -> values_at k z.
Proof.
  intros k u v z Hu Hv Hz; destruct (at_segment k) as [a [b [_ H]]].
  apply H in Hu; apply H in Hv; apply H; lra.
Qed.

Lemma by_segment : forall k, exists a b, a <= b /\ forall y, values_by k y <-> a <= y <= b.
Proof.
  induction k as [|k [a [b [Hab IH]]]].
  - pose proof (l_in good); exists l, 1; split; [lra|intros y; reflexivity].
  - destruct (image_segment a b Hab) as [c [d [Hcd H]]].
    assert (G : forall y, values_by (S k) y <-> l <= y <= 1 \/ c <= y <= d).
    { intros y; cbn [values_by]; split; (intros [Hy|Hy]; [left; exact Hy|right]).
      - destruct Hy as [x [Hx E']]; apply H; exists x; split; [apply IH, Hx|exact E'].
      - apply H in Hy as [x [Hx E']]; exists x; split; [apply IH, Hx|exact E']. }
    destruct (meets good) as [x [Hx Hy]].
    assert (M : c <= f x <= d).
    { apply H; exists x; split; [apply IH, values_start, Hx|reflexivity]. }
    exists (Rmin l c), (Rmax 1 d); pose proof (Rmin_l l c); pose proof (Rmin_r l c); pose proof (Rmax_l 1 d);
      pose proof (Rmax_r 1 d); split; [lra|].
    intros y; rewrite G; split; [lra|intros Hy'].
    unfold Rmin, Rmax in Hy'; destruct (Rle_dec l c), (Rle_dec 1 d); destruct (Rle_dec y 1), (Rle_dec l y), (Rle_dec c y);
      try (left; lra); right; lra.
Qed.

Lemma by_between : forall k u v z, values_by k u -> values_by k v -> u <= z <= v -> values_by k z.
Proof.
  intros k u v z Hu Hv Hz; destruct (by_segment k) as [a [b [_ H]]].
  apply H in Hu; apply H in Hv; apply H; lra.
Qed.

Lemma not_zero : forall k, (k <= T)%nat -> ~ values_at k 0.
Proof.
  intros k Hk H; pose proof (values_further f l (T - k) k 0 H) as G; replace (T - k + k)%nat with T in G by lia.
  assert (Z : forall j, Nat.iter j f 0 = 0) by (induction j as [|j IH]; [reflexivity|simpl; rewrite IH; apply (at_zero good)]).
  rewrite Z in G; apply values_iter in G as [x [Hx E]]; apply (no_zero good x Hx); symmetry; exact E.
Qed.

(** All values up to T times are positive. *)
Lemma by_positive : forall k y, (k <= T)%nat -> values_by k y -> 0 < y.
Proof.
  intros k y Hk Hy; destruct (Rlt_le_dec 0 y) as [P|N]; [exact P|exfalso].
  assert (Z : values_by k 0) by (pose proof (l_in good); apply (by_between k y 1); [exact Hy|apply values_start; lra|lra]).
  destruct (values_some f l k 0 Z) as [j [Hj H]]; exact (not_zero j ltac:(lia) H).
Qed.

(** Values up to T - 1 times have positive values. *)
Lemma next_positive : forall k z, (k < T)%nat -> values_by k z -> 0 < f z.
Proof. intros k z Hk H; apply (by_positive (S k)); [lia|]; right; exists z; auto. Qed.

Definition greatest (k : nat) (X : R) : Prop := values_by k X /\ forall y, values_by k y -> y <= X.

Lemma greatest_exists : forall k, exists X, greatest k X.
Proof.
  intros k; destruct (by_segment k) as [a [b [Hab H]]]; exists b; split; [apply H; lra|].
  intros y Hy; apply H in Hy; lra.
Qed.

End Lasting.

(** ** The T-th values near 1 *)

Record near_one (f : R -> R) (l : R) (T : nat) (E : R) : Prop := {
  lasts : lasting f l T;
  E_in : 0 < E /\ l + E <= 1;
  near : forall x, l <= x <= 1 -> Rabs (1 - Nat.iter T f x) < E }.
Arguments lasts {f l T E}. Arguments E_in {f l T E}. Arguments near {f l T E}.

Section NearOne.

Context {f : R -> R} {l : R} {T : nat} {E : R}.
Hypothesis good : near_one f l T E.
Local Notation values_at := (values_at f l).
Local Notation values_by := (values_by f l).
Local Notation greatest := (@greatest f l).

(** The T-th values are near 1, and those before lead to them. *)
Lemma near_at : forall k z, (k <= T)%nat -> values_at k z -> Rabs (1 - Nat.iter (T - k) f z) < E.
Proof.
  intros k z Hk H; pose proof (values_further f l (T - k) k z H) as G; replace (T - k + k)%nat with T in G by lia.
  apply values_iter in G as [x [Hx ->]]; apply (near good), Hx.
Qed.

(** ** How far they reach *)

Section Growth.

Variable B : R.
Hypothesis far : 1 + E <= B.
Hypothesis grows : forall X X' x, B <= X -> (forall z, l <= z <= X -> 0 < f z <= X') ->
  l <= x <= 1 -> B <= f x -> X < X'.

(** A map that reaches B on [l, 1] would reach further with each step. *)
Lemma below_top : forall x, l <= x <= 1 -> 0 < f x < B.
Proof.
  intros x Hx; pose proof (some_step (lasts good)) as T0; pose proof (l_in (lasts good)) as L0; pose proof (E_in good) as E0.
  assert (F1 : values_by 1 (f x)) by (right; exists x; auto).
  split; [apply (by_positive (lasts good) 1); [lia|exact F1]|].
  destruct (Rlt_le_dec (f x) B) as [L|Far]; [exact L|exfalso].
  assert (Up : forall k, (k < T)%nat -> exists X X', greatest k X /\ greatest (S k) X' /\ X < X' /\ B <= X').
  { induction k as [|k IH]; intros Hk.
    - destruct (greatest_exists (lasts good) 1) as [X' [G1 G2]]; exists 1, X'.
      pose proof (G2 _ F1); repeat split; try assumption; try lra; intros y Hy; cbn [values_by] in Hy; lra.
    - destruct (IH ltac:(lia)) as [X0 [X [_ [G [_ HX]]]]].
      destruct (greatest_exists (lasts good) (S (S k))) as [X' G']; exists X, X'; destruct G as [G1 G2], G' as [G'1 G'2].
      assert (L : X < X').
      { apply (grows X X' x HX); [|exact Hx|exact Far]; intros z Hz.
        assert (I : values_by (S (S k)) (f z)).
        { right; exists z; split; [|reflexivity].
          apply (by_between (lasts good) (S k) l X); [apply values_start; lra|exact G1|exact Hz]. }
        split; [apply (by_positive (lasts good) (S (S k))); [lia|exact I]|apply G'2, I]. }
      repeat split; try assumption; lra. }
  destruct (Up (pred T) ltac:(lia)) as [X [X' [[_ G] [[G1 _] [L HB]]]]].
  replace (S (pred T)) with T in G1 by lia.
  destruct (values_some f l T X' G1) as [j [Hj Hv]].
  assert (j = T) as ->.
  { destruct (Nat.eq_dec j T) as [e|n]; [exact e|exfalso].
    assert (values_by (pred T) X') by (apply (values_all f l _ j); [lia|exact Hv]).
    specialize (G _ H); lra. }
  pose proof (near_at T X' (le_n T) Hv) as N; rewrite Nat.sub_diag in N; simpl in N.
  apply Rabs_def2 in N; lra.
Qed.

End Growth.

(** ** What refutes such a map *)

(** No value up to T times is fixed, unless it is near 1. *)
Lemma fixed_near : forall p, values_by T p -> f p = p -> Rabs (1 - p) < E.
Proof.
  intros p Hp Hf; destruct (values_some f l T p Hp) as [j [Hj H]]; pose proof (near_at j p Hj H) as N.
  assert (P : forall m, Nat.iter m f p = p) by (induction m as [|m IH]; [reflexivity|simpl; rewrite IH; exact Hf]).
  rewrite P in N; exact N.
Qed.

(** So f - id keeps its sign between two such values on one side of 1. *)
Lemma same_side : forall a b, values_by T a -> values_by T b -> a <= b -> 1 + E <= a \/ b <= 1 - E ->
  (a <= f a <-> b <= f b) /\ (f a <= a <-> f b <= b).
Proof.
  intros a b Ha Hb Hab Hside.
  assert (N : forall p, a <= p <= b -> f p <> p).
  { intros p Hp Hf; pose proof (fixed_near p (by_between (lasts good) T a b p Ha Hb Hp) Hf) as F; apply Rabs_def2 in F; lra. }
  assert (C : continuity (fun x => f x - x)).
  { intros x; apply (continuity_pt_minus f id); [apply (continuous (lasts good))|apply derivable_continuous_pt, derivable_pt_id]. }
  assert (Z : 0 < (f a - a) * (f b - b)).
  { destruct (Rlt_le_dec 0 ((f a - a) * (f b - b))) as [P|P]; [exact P|exfalso].
    destruct (IVT_cor _ a b C Hab P) as [p [Hp E0]]; apply (N p Hp); lra. }
  split; split; intros H; destruct (Rle_dec (f a) a), (Rle_dec (f b) b); nra.
Qed.

(** A value right of 1 that does not fall would let the greatest value rise; the same left of 1. *)
Lemma falls : forall z, values_by T z -> 1 + E <= z -> z <= f z -> False.
Proof.
  intros z Hz Hfar Hf; destruct (greatest_exists (lasts good) T) as [X [G1 G2]]; pose proof (G2 z Hz) as L.
  apply (same_side z X Hz G1 L (or_introl Hfar)) in Hf.
  destruct (values_some f l T X G1) as [j [Hj H]]; destruct (Nat.eq_dec j T) as [->|N].
  - pose proof (near_at T X (le_n T) H) as A; rewrite Nat.sub_diag in A; simpl in A; apply Rabs_def2 in A; lra.
  - assert (I : values_by T (f X)) by (apply (values_all f l T (S j)); [lia|exists X; auto]).
    specialize (G2 _ I); assert (Fx : f X = X) by lra; pose proof (fixed_near X G1 Fx) as A; apply Rabs_def2 in A; lra.
Qed.
Lemma rises : forall z, values_by T z -> z <= 1 - E -> f z <= z -> False.
Proof.
  intros z Hz Hnear Hf; destruct (by_segment (lasts good) T) as [m [b [Hm S]]].
  assert (G1 : values_by T m) by (apply S; lra); assert (L : m <= z) by (apply S in Hz; lra).
  apply (same_side m z G1 Hz L (or_intror Hnear)) in Hf.
  destruct (values_some f l T m G1) as [j [Hj H]]; destruct (Nat.eq_dec j T) as [->|N].
  - pose proof (near_at T m (le_n T) H) as A; rewrite Nat.sub_diag in A; simpl in A; apply Rabs_def2 in A; lra.
  - assert (I : values_by T (f m)) by (apply (values_all f l T (Datatypes.S j)); [lia|exists m; auto]).
    apply S in I; assert (Fx : f m = m) by lra; pose proof (fixed_near m G1 Fx) as A; apply Rabs_def2 in A; lra.
Qed.

End NearOne.
