(** * Claims about every member of a family in a box

    The tests of one step are those of [Bands], [Escapes] and [Cycles], for all
    parameters in the box at once: x, or y = x², is the first variable, and the
    rule is applied on interval × box. What [Chains], [Escapes] and [Cycles]
    have of many steps follows from them too. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Schedule Chains Escapes Cycles Several Box Monomials Families Region.
Import ListNotations.
Local Open Scope R_scope.

(** ** Odd polynomials *)

(** x p(x²). *)
Fixpoint modd (n : nat) (p : list (mpoly n)) : list (mpoly n) :=
  match p with [] => [] | c :: q => mzero n :: c :: modd n q end.
Definition fodd {n : nat} (p : fraction (S n)) : fraction (S n) := @Frac (S n) (modd n (num p)) (den p).

(** It is. *)
Lemma fvalue_odd : forall n (p : fraction (S n)) x v, fvalue (fodd p) (x :: v) = x * fvalue p (x ^ 2 :: v).
Proof.
  intros n [p d] x v; unfold fvalue, fodd; cbn [num den]; unfold Rdiv; rewrite <- Rmult_assoc; f_equal.
  induction p as [|c p IH]; [simpl; ring|]; cbn [modd].
  rewrite !mvalue_cons, mvalue_zero, IH; ring.
Qed.

(** A quotient of rationals. *)
Lemma QR_inverse : forall q, 0 < QR q -> QR (/ q) = / QR q.
Proof.
  intros q H; apply Rmult_eq_reg_l with (QR q); [|lra]; rewrite <- QR_mult, Rinv_r by lra.
  apply (QR_eq _ 1), Qeq_bool_iff, Qmult_inv_r; intros E; apply Qeq_bool_iff, QR_eq in E; change (QR 0) with 0 in E; lra.
Qed.

(** ** Tests *)

Definition cuts := list (list Q).
Definition step_in_box := step_of cuts.
Definition ceiling_in_box := ceiling_of cuts.
Definition arc_in_box := arc_of cuts.

Section Tests.

Variable box : list axis.

Let n := length box.
Definition g_of (r : list (list monomial)) : fraction (S n) := even_of n r.
Definition f_of (r : list (list monomial)) : fraction (S n) := fodd (g_of r).

(** p ≥ 0 for x in the interval and all parameters. *)
Definition nonnegative_over (i : interval) (p : fraction (S n)) (splits : cuts) : bool :=
  nonnegative_on (cut_axes (Axis (fst i) true (snd i) true [] :: box) splits) p.

Definition lies_between (i : interval) (p : fraction (S n)) (lo hi : Q) (below above : cuts) : bool :=
  nonnegative_over i (fsub p (fconstant (S n) lo)) below && nonnegative_over i (fsub (fconstant (S n) hi) p) above.

Definition step_holds_in (r : list (list monomial)) (i : interval) (s : step_in_box) : bool :=
  lies_between i (f_of r) (fst (outer s)) (snd (outer s)) (lower_splits s) (upper_splits s).

Definition ceiling_holds_in (r : list (list monomial)) (u : Q) (s : ceiling_in_box) : bool :=
  positive_cut (Axis 0 true (square u) true [] :: box) (g_of r) (sign_splits s) &&
  nonnegative_over (0%Q, u) (fsub (fconstant (S n) (upper s)) (f_of r)) (bound_splits s).

(** ±g ≥ k beyond the radius; the variable is t = 1/y, at most 1/R², and it is cut at the given multiples of 1/R². *)
Definition grows_in (r : list (list monomial)) (radius ratio : Q) (negative : bool) (splits : cuts) : bool :=
  let g := g_of r in
  let last := (/ square radius)%Q in
  nonnegative_over (0%Q, last) (from_infinity (fsub (if negative then fopp g else g) (fconstant (S n) ratio)))
    match splits with [] => [] | s :: more => map (Qmult last) s :: more end.

Definition arc_holds_in (r : list (list monomial)) (a : arc_in_box) (next : interval) : bool :=
  step_holds_in r (place a) (Step next (to_lower a) (to_upper a)) &&
  lies_between (place a) (fderivative (f_of r)) (- bound a) (bound a) (slope_lower a) (slope_upper a).

(** ** What they mean for one member *)

Section Member.

Variable v : list R.
Hypothesis here : in_box_text box v.

Definition member (f : R -> R) (r : list (list monomial)) : Prop := forall x, f x = family_text r v x.

Let v_in_box : in_box box v := in_box_text_sound box v here.

(** f(x) = x g(x²). *)
Lemma g_of_value : forall r f x, member f r -> f x = x * fvalue (g_of r) (x ^ 2 :: v).
Proof. intros r f x Hf; exact (family_in_box r box v f Hf v_in_box x). Qed.
Lemma f_of_value : forall r f x, member f r -> f x = fvalue (f_of r) (x :: v).
Proof. intros r f x Hf; unfold f_of; rewrite fvalue_odd; exact (g_of_value r f x Hf). Qed.

(** THE RULE. *)
Lemma nonnegative_over_sound : forall i p splits x, nonnegative_over i p splits = true -> inside i x ->
  0 <= fvalue p (x :: v).
Proof.
  intros i p splits x H Hx; apply (nonnegative_on_sound _ _ _ H), in_cut_axes; split; [exact Hx|exact v_in_box].
Qed.
Lemma lies_between_sound : forall i p lo hi below above x, lies_between i p lo hi below above = true ->
  inside i x -> QR lo <= fvalue p (x :: v) <= QR hi.
Proof.
  intros i p lo hi below above x H Hx; apply andb_true_iff in H as [A B].
  apply (nonnegative_over_sound _ _ _ x) in A; [|exact Hx]; apply (nonnegative_over_sound _ _ _ x) in B; [|exact Hx].
  rewrite fvalue_sub, fvalue_constant in A, B; lra.
Qed.

(** f(I) is inside the next interval. *)
Lemma step_in_sound : forall r i s f x, member f r -> step_holds_in r i s = true -> inside i x -> inside (outer s) (f x).
Proof.
  intros r i s f x Hf H Hx; rewrite (f_of_value r f x Hf); exact (lies_between_sound _ _ _ _ _ _ x H Hx).
Qed.

(** 0 < f(x) ≤ u' for 0 < x ≤ u. *)
Lemma ceiling_in_sound : forall r u s f x, member f r -> ceiling_holds_in r u s = true ->
  0 < x <= QR u -> 0 < f x <= QR (upper s).
Proof.
  intros r u s f x Hf H Hx; apply andb_true_iff in H as [P L].
  assert (Hin : inside (0%Q, u) x) by (unfold inside; cbn [fst snd]; change (QR 0) with 0; lra).
  apply (nonnegative_over_sound _ _ _ x) in L; [|exact Hin].
  rewrite fvalue_sub, fvalue_constant, <- (f_of_value r f x Hf) in L.
  split; [|lra]; rewrite (g_of_value r f x Hf); apply Rmult_lt_0_compat; [lra|].
  apply (positive_cut_sound _ _ _ _ P); split; [|exact v_in_box].
  split; cbn [low high low_in high_in]; change (QR 0) with 0; rewrite ?QR_square; nra.
Qed.

(** |f(x)| ≥ k |x| beyond the radius. *)
Lemma grows_in_sound : forall r f radius ratio negative splits, member f r -> 0 < QR radius -> 1 < QR ratio ->
  grows_in r radius ratio negative splits = true ->
  forall x, QR radius <= Rabs x -> QR ratio * Rabs x <= Rabs (f x).
Proof.
  intros r f radius ratio negative splits Hf HR Hk H x Hx.
  assert (Hq : 0 < QR (square radius)) by (rewrite QR_square; apply pow_lt, HR).
  assert (Hy : QR (square radius) <= x ^ 2) by (rewrite QR_square, <- (pow2_abs x); apply square_le; lra).
  assert (Ht : 0 < / x ^ 2) by (apply Rinv_0_lt_compat; lra).
  assert (Hin : inside (0%Q, (/ square radius)%Q) (/ x ^ 2)).
  { split; cbn [fst snd]; [change (QR 0) with 0; lra|rewrite (QR_inverse _ Hq); apply Rinv_le_contravar; lra]. }
  pose proof (nonnegative_over_sound _ _ _ _ H Hin) as G.
  destruct (from_infinity_value v (fsub (if negative then fopp (g_of r) else g_of r) (fconstant (S n) ratio))
              (/ x ^ 2) Ht) as [k [Hk' E]].
  fold n in E; rewrite E, Rinv_inv, fvalue_sub, fvalue_constant in G.
  rewrite (g_of_value r f x Hf), Rabs_mult, Rmult_comm; apply Rmult_le_compat_l; [apply Rabs_pos|].
  assert (G' : 0 <= fvalue (if negative then fopp (g_of r) else g_of r) (x ^ 2 :: v) - QR ratio)
    by (apply Rmult_le_reg_l with k; lra).
  destruct negative; [rewrite fvalue_opp in G'|]; unfold Rabs; destruct (Rcase_abs _); lra.
Qed.

(** The derivative, as a polynomial in x. *)
Lemma member_derivative : forall r f x, member f r -> derivable_pt_lim f x (fvalue (fderivative (f_of r)) (x :: v)).
Proof.
  intros r f x Hf; apply FixedPoints.derivative_ext with (fun x => fvalue (f_of r) (x :: v)); [|apply fvalue_derivative].
  intros z; apply f_of_value, Hf.
Qed.

(** f maps J into the next interval, with |f'| ≤ d. *)
Lemma arc_in_sound : forall r f a next x, member f r -> arc_holds_in r a next = true -> inside (place a) x ->
  inside next (f x) /\ Rabs (fvalue (fderivative (f_of r)) (x :: v)) <= QR (bound a).
Proof.
  intros r f a next x Hf H Hx; apply andb_true_iff in H as [Hs Hd].
  split; [exact (step_in_sound r (place a) _ f x Hf Hs Hx)|].
  pose proof (lies_between_sound _ _ _ _ _ _ x Hd Hx) as B; rewrite QR_opp in B; apply Rabs_le; lra.
Qed.

End Member.

End Tests.
