(** * The polynomials that decide about every member of a family

    From the row of a family with f(1) = 1 come polynomials in y = x² and the
    parameters: w = (g - 1)/(1 - y), r with w(Z) = w r, g(Z), and N with
    f(f(x)) - x = (f(x) - x)(g + 1) N, where Z = y g². The quotients are divided
    differences, computed without dividing. [Members] says what follows where
    they are positive for all y in (0, 1), or at one such y. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial FixedPoints Convergence Several Box Monomials Members.
Import ListNotations.
Local Open Scope R_scope.

(** ** Divided differences *)

(** (p(u) - p(y)) / (u - y), by Horner's rule. *)
Fixpoint difference (n : nat) (p : list (mpoly n)) (u : fraction (S n)) : fraction (S n) :=
  match p with
  | [] => fconstant (S n) 0
  | _ :: h => lower (fadd (fmul u (difference n h u)) (@Frac (S n) h 1))
  end.
Definition quotient {n : nat} (p u : fraction (S n)) : fraction (S n) :=
  let d := difference n (num p) u in lower (Frac (num d) (den d * den p)).

(** It is what its name says. *)
Lemma quotient_value : forall n (p u : fraction (S n)) y v,
  fvalue p (fvalue u (y :: v) :: v) - fvalue p (y :: v)
    = (fvalue u (y :: v) - y) * fvalue (quotient p u) (y :: v).
Proof.
  intros n [p k] u y v; unfold quotient; rewrite fvalue_lower; cbn [num den].
  set (U := fvalue u (y :: v)).
  assert (D : forall h : list (mpoly n), mvalue (S n) h (U :: v) - mvalue (S n) h (y :: v)
                        = (U - y) * fvalue (difference n h u) (y :: v)).
  { induction h as [|c h IH].
    - cbn [difference]; rewrite fvalue_constant; unfold QR; simpl; ring.
    - cbn [difference]; rewrite fvalue_lower, fvalue_add, fvalue_mul, !mvalue_cons; fold U.
      replace (fvalue (@Frac (S n) h 1) (y :: v)) with (mvalue (S n) h (y :: v))
        by (unfold fvalue; cbn [num den]; field).
      set (A := mvalue (S n) h (U :: v)) in *; set (B := mvalue (S n) h (y :: v)) in *.
      replace A with (B + (U - y) * fvalue (difference n h u) (y :: v)) by lra; ring. }
  specialize (D p); destruct (difference n p u) as [d e]; unfold fvalue in *; cbn [num den] in *.
  rewrite Pos2Z.inj_mul, mult_IZR.
  set (A := mvalue (S n) p (U :: v)) in *; set (B := mvalue (S n) p (y :: v)) in *.
  replace A with (B + (U - y) * (mvalue (S n) d (y :: v) / IZR (Z.pos e))) by lra; field; auto.
Qed.

(** The value at y = 1, as a polynomial in the parameters. *)
Definition at_one {n : nat} (p : fraction (S n)) : fraction n :=
  Frac (fold_right (madd n) (mzero n) (num p : list (mpoly n))) (den p).

(** It is the value. *)
Lemma at_one_value : forall n (p : fraction (S n)) v, fvalue (at_one p) v = fvalue p (1 :: v).
Proof.
  intros n [p k] v; unfold fvalue, at_one; cbn [num den]; f_equal.
  induction p as [|c p IH]; [apply mvalue_zero|].
  rewrite mvalue_cons, <- IH; cbn [fold_right]; rewrite mvalue_add; ring.
Qed.

(** The value at y = 0. *)
Definition at_zero {n : nat} (p : fraction (S n)) : fraction n :=
  Frac (hd (mzero n) (num p : list (mpoly n))) (den p).

(** It is the value. *)
Lemma at_zero_value : forall n (p : fraction (S n)) v, fvalue (at_zero p) v = fvalue p (0 :: v).
Proof.
  intros n [p k] v; unfold fvalue, at_zero; cbn [num den]; f_equal.
  destruct p as [|c p]; [apply mvalue_zero|cbn [hd]; rewrite mvalue_cons; ring].
Qed.

(** Read backwards, a polynomial is t^deg p(1/t). *)
Lemma reversed_value : forall n (p : list (mpoly n)) t v, 0 < t ->
  mvalue (S n) (rev p) (t :: v) * t = t ^ length p * mvalue (S n) p (/ t :: v).
Proof.
  intros n p t v Ht.
  assert (App : forall (q : list (mpoly n)) c,
    mvalue (S n) (q ++ [c]) (t :: v) = mvalue (S n) q (t :: v) + t ^ length q * mvalue n c v).
  { induction q as [|b q IH]; intros c; [simpl; ring|].
    cbn [app length pow]; rewrite !mvalue_cons, IH; ring. }
  induction p as [|c p IH]; [simpl; ring|].
  cbn [rev length]; rewrite App, rev_length, mvalue_cons, Rmult_plus_distr_r, IH; cbn [pow]; field; lra.
Qed.

(** ** The polynomials *)

Section Derived.

Context {n : nat}.
Variable g : fraction (S n).

Let y := ffirst n.
Let one := fconstant (S n) 1.

(** Z = y g², and the divided difference of g there. *)
Definition next_square : fraction (S n) := lower (fmul y (fmul g g)).
Definition next_slope : fraction (S n) := quotient g next_square.

Definition next_g : fraction (S n) := lower (fadd g (fmul (fsub next_square y) next_slope)).
Definition no_cycle : fraction (S n) := lower (fadd one (fmul (fmul y g) next_slope)).
Definition deviation : fraction (S n) := fopp (quotient g one).
Definition deviation_ratio : fraction (S n) :=
  lower (fadd one (fmul (fmul (fmul y (fsub one y)) (fadd g one)) (quotient deviation next_square))).

(** f'(1), the same for all y. *)
Definition multiplier : fraction (S n) :=
  lower (lift (at_one (fadd g (fmul (fmul (fconstant (S n) 2) y) (fderivative g))))).

(** t^deg g(1/t). *)
Definition from_infinity (p : fraction (S n)) : fraction (S n) :=
  @Frac (S n) (rev (num p : list (mpoly n))) (den p).

Definition fixes_one : bool := fvanishes (fsub (at_one g) (fconstant n 1)).

Variable v : list R.
Hypothesis fixed : fixes_one = true.

Let G (t : R) := fvalue g (t :: v).
Let W (t : R) := fvalue deviation (t :: v).

(** g(1) = 1. *)
Lemma G_one : G 1 = 1.
Proof.
  pose proof (fvanishes_sound _ _ v fixed) as H.
  rewrite fvalue_sub, fvalue_constant, at_one_value in H; unfold QR in H; simpl in H; unfold G; lra.
Qed.

(** g = 1 + (1 - y) w. *)
Lemma G_deviation : forall t, G t = 1 + (1 - t) * W t.
Proof.
  intros t; unfold W, deviation; rewrite fvalue_opp.
  pose proof (quotient_value n g one t v) as H.
  replace (fvalue one (t :: v)) with 1 in H by (unfold one; rewrite fvalue_constant; reflexivity).
  fold (G 1) in H; rewrite G_one in H; unfold G; lra.
Qed.

(** Z(y) = y g(y)². *)
Lemma next_square_value : forall t, fvalue next_square (t :: v) = t * G t ^ 2.
Proof.
  intros t; unfold next_square, y; rewrite fvalue_lower, !fvalue_mul, fvalue_first.
  unfold G; ring.
Qed.

(** g(Z). *)
Lemma next_g_value : forall t, fvalue next_g (t :: v) = G (t * G t ^ 2).
Proof.
  intros t; unfold next_g, y; rewrite fvalue_lower, fvalue_add, fvalue_mul, fvalue_sub, fvalue_first.
  pose proof (quotient_value n g next_square t v) as H; rewrite next_square_value in H |- *.
  fold next_slope in H; fold (G (t * G t ^ 2)) in H; fold (G t) in H |- *.
  set (D := fvalue next_slope (t :: v)) in *; lra.
Qed.

(** g g(Z) - 1 = (g - 1)(g + 1) N. *)
Lemma no_cycle_value : forall t,
  G t * G (t * G t ^ 2) - 1 = (G t - 1) * (G t + 1) * fvalue no_cycle (t :: v).
Proof.
  intros t; unfold no_cycle, y, one.
  rewrite fvalue_lower, fvalue_add, fvalue_constant, !fvalue_mul, fvalue_first; change (QR 1) with 1.
  pose proof (quotient_value n g next_square t v) as H; rewrite next_square_value in H.
  fold next_slope in H; fold (G (t * G t ^ 2)) in H; fold (G t) in *.
  set (D := fvalue next_slope (t :: v)) in *; set (X := G t) in *.
  replace (G (t * X ^ 2)) with (X + (t * X ^ 2 - t) * D) by lra; ring.
Qed.

(** w(Z) = w r. *)
Lemma deviation_ratio_value : forall t,
  W (t * G t ^ 2) = W t * fvalue deviation_ratio (t :: v).
Proof.
  intros t; unfold deviation_ratio, y, one.
  rewrite fvalue_lower, fvalue_add, !fvalue_mul, fvalue_sub, fvalue_add, fvalue_first, fvalue_constant.
  change (QR 1) with 1.
  pose proof (quotient_value n deviation next_square t v) as H; rewrite next_square_value in H.
  fold (W (t * G t ^ 2)) in H; fold (W t) in H; fold (G t).
  set (D := fvalue (quotient deviation next_square) (t :: v)) in *.
  assert (E : t * G t ^ 2 - t = t * (1 - t) * (G t + 1) * W t) by (rewrite G_deviation; ring).
  rewrite E in H; set (X := G t) in *.
  replace (W (t * X ^ 2)) with (W t + t * (1 - t) * (X + 1) * W t * D) by lra; ring.
Qed.

(** g(1) + 2 g'(1). *)
Lemma multiplier_value : forall t,
  fvalue multiplier (t :: v) = G 1 + 2 * 1 * fvalue (fderivative g) (1 :: v).
Proof.
  intros t; unfold multiplier, y.
  rewrite fvalue_lower, fvalue_lift, at_one_value, fvalue_add, !fvalue_mul, fvalue_constant, fvalue_first.
  reflexivity.
Qed.

(** The sign beyond 1. *)
Lemma from_infinity_value : forall p t, 0 < t ->
  exists k, 0 < k /\ fvalue (from_infinity p) (t :: v) = k * fvalue p (/ t :: v).
Proof.
  intros [p d] t Ht; unfold from_infinity, fvalue; cbn [num den].
  pose proof (reversed_value n p t v Ht) as E.
  exists (t ^ length (p : list (mpoly n)) / t); split; [apply Rdiv_lt_0_compat; [apply pow_lt|]; exact Ht|].
  apply Rmult_eq_reg_r with t; [|lra]; unfold Rdiv at 1.
  rewrite Rmult_assoc, (Rmult_comm (/ IZR (Z.pos d))), <- Rmult_assoc, E; field; split; [auto|lra].
Qed.

End Derived.

(** ** Falling beyond 1 *)

(** -p' beyond 1. *)
Definition falling_beyond {n : nat} (p : fraction (S n)) : fraction (S n) := from_infinity (fopp (fderivative p)).

(** A negative derivative beyond 1. *)
Lemma falls_beyond_one : forall n (p : fraction (S n)) v,
  (forall t, 0 < t < 1 -> 0 < fvalue (falling_beyond p) (t :: v)) ->
  forall y z, 1 <= y -> y < z -> fvalue p (z :: v) < fvalue p (y :: v).
Proof.
  intros n p v H y z Hy Hz.
  destruct (MVT_cor2 (fun y => fvalue p (y :: v)) (fun y => fvalue (fderivative p) (y :: v)) y z Hz)
    as [c [E Hc]]; [intros; apply fvalue_derivative|].
  assert (T : 0 < / c < 1).
  { split; [apply Rinv_0_lt_compat; lra|].
    apply Rmult_lt_reg_l with c; [lra|]; rewrite Rinv_r; lra. }
  pose proof (H (/ c) T) as P; unfold falling_beyond in P.
  destruct (from_infinity_value v (fopp (fderivative p)) (/ c) (proj1 T)) as [k [Hk F]].
  rewrite F, Rinv_inv, fvalue_opp in P; cbn beta in E; nra.
Qed.

(** ** Conditions *)

Inductive property :=
  Convergent | SignSafe | Bounded | Positive | Attracting | MultiplierAbove | MultiplierBelow
  | Flips | Escapes | EscapesAlternating | Lands | Returns.

(** What is shown to be positive for all y in (0, 1). *)
Definition conditions {n : nat} (g : fraction (S n)) (what : property) : list (fraction (S n)) :=
  let one := fconstant (S n) 1 in
  match what with
  | Convergent => [deviation g; deviation_ratio g; next_g g; no_cycle g]
  | SignSafe => [deviation g; deviation_ratio g; next_g g]
  | Bounded => [deviation g; deviation_ratio g; fadd (next_g g) one]
  | Positive => [g; from_infinity g]
  | Attracting => [fsub one (multiplier g); fadd (multiplier g) one]
  | MultiplierAbove => [fsub (multiplier g) one]
  | MultiplierBelow => [fsub (fopp (multiplier g)) one]
  | Flips => []
  | Escapes => [falling_beyond (deviation g)]
  | EscapesAlternating => [falling_beyond g]
  | Lands => [lift (at_zero (deviation g)); lift (at_one (deviation g))]
  | Returns => [lift (at_zero (deviation g))]
  end.

(** What is shown to be positive at one y of (0, 1). *)
Definition conditions_at {n : nat} (g : fraction (S n)) (what : property) : list (fraction (S n)) :=
  let one := fconstant (S n) 1 in
  match what with
  | Flips => [fopp (fmul g (next_g g))]
  | Escapes => [fsub (next_square g) one; fopp (fmul (deviation g) (deviation_ratio g))]
  | EscapesAlternating => [fsub (next_square g) one; fsub (fopp (next_g g)) one]
  | Lands => [fopp (fmul (deviation g) (deviation_ratio g))]
  | Returns => [fsub one (fmul g (next_g g))]
  | _ => []
  end.

(** What follows for the step f. *)
Definition follows (what : property) (f : R -> R) : Prop :=
  match what with
  | Convergent => forall x0, 0 < x0 <= 1 -> is_lim_seq (fun n => Nat.iter n f x0) 1
  | SignSafe => forall x0, 0 < x0 <= 1 -> forall n, 0 < Nat.iter n f x0
  | Bounded => forall x0, 0 < x0 <= 1 -> exists B, forall n, Rabs (Nat.iter n f x0) <= B
  | Positive => forall x, 0 < x -> 0 < f x
  | Attracting => f 1 = 1 /\ exists d, derivable_pt_lim f 1 d /\ Rabs d < 1
  | MultiplierAbove => f 1 = 1 /\ exists d, derivable_pt_lim f 1 d /\ 1 < d
  | MultiplierBelow => f 1 = 1 /\ exists d, derivable_pt_lim f 1 d /\ d < -1
  | Flips => exists x0, 0 < x0 < 1 /\ f (f x0) < 0
  | Escapes => exists x0, 0 < x0 < 1 /\ is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty
  | EscapesAlternating => exists x0, 0 < x0 < 1 /\ is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty /\
      forall n, (0 < n)%nat -> Nat.iter n f x0 * Nat.iter (S n) f x0 < 0
  | Lands => exists x0, 0 < x0 < 1 /\ f (f x0) = f x0 /\ f x0 <> 1
  | Returns => exists x0, 0 < x0 < 1 /\ f (f x0) = x0
  end.

(** f'(1), for f(x) = x g(x²). *)
Lemma multiplier_is_derivative : forall n (g : fraction (S n)) v f t,
  (forall x, f x = x * fvalue g (x ^ 2 :: v)) ->
  derivable_pt_lim f 1 (fvalue (multiplier g) (t :: v)).
Proof.
  intros n g v f t Hf; rewrite multiplier_value.
  apply derivative_ext with (mult_fct id (comp (fun y => fvalue g (y :: v)) (fun x => x ^ 2))).
  - exact Hf.
  - replace (fvalue g (1 :: v) + 2 * 1 * fvalue (fderivative g) (1 :: v))
      with (1 * comp (fun y => fvalue g (y :: v)) (fun x => x ^ 2) 1
            + id 1 * (fvalue (fderivative g) (1 ^ 2 :: v) * (INR 2 * 1 ^ 1)))
      by (unfold id, comp; replace (1 ^ 2) with 1 by ring; simpl; ring).
    apply (derivable_pt_lim_mult id); [apply derivable_pt_lim_id|].
    apply (derivable_pt_lim_comp (fun x => x ^ 2) (fun y => fvalue g (y :: v))).
    + apply derivable_pt_lim_pow.
    + apply fvalue_derivative.
Qed.

(** The conditions, at all y in (0, 1) and at one, imply what follows. *)
Theorem conditions_sound : forall n (g : fraction (S n)) v f what,
  (forall x, f x = x * fvalue g (x ^ 2 :: v)) -> fixes_one g = true ->
  (forall p, In p (conditions g what) -> forall y, 0 < y < 1 -> 0 < fvalue p (y :: v)) ->
  (exists y, 0 < y < 1 /\ forall p, In p (conditions_at g what) -> 0 < fvalue p (y :: v)) ->
  follows what f.
Proof.
  intros n g v f what Hf H1 H [y0 [Hy0 HA]].
  pose proof (G_deviation g v H1) as GW; pose proof (deviation_ratio_value g v H1) as WR.
  pose proof (next_g_value g v) as GZ; pose proof (no_cycle_value g v) as GN.
  pose proof (G_one g v H1) as G1; cbn beta in *.
  pose proof (fvalue_continuous n g v) as CG; pose proof (fvalue_continuous n (deviation g) v) as CW.
  assert (F1 : f 1 = 1) by (rewrite Hf; replace (1 ^ 2) with 1 by ring; rewrite G1; ring).
  pose proof (multiplier_is_derivative n g v f (1 / 2) Hf) as M.
  assert (half : 0 < 1 / 2 < 1) by lra.
  assert (O : forall y, fvalue (fconstant (S n) 1) (y :: v) = 1) by (intros; rewrite fvalue_constant; reflexivity).
  destruct (unit_root y0 Hy0) as [Hx0 _].
  destruct what; cbn [conditions conditions_at follows In] in *.
  - pose proof (H _ (or_introl eq_refl)) as Hw.
    apply (member_converges f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))
             (fun y => fvalue (deviation_ratio g) (y :: v))); auto 8.
    + intros y Hy; rewrite <- GZ; auto 8.
    + intros y Hy; assert (1 < fvalue g (y :: v)) by (rewrite GW; specialize (Hw y Hy); nra).
      pose proof (H (no_cycle g) ltac:(auto 8) y Hy) as HN; specialize (GN y).
      assert (0 < (fvalue g (y :: v) - 1) * (fvalue g (y :: v) + 1) * fvalue (no_cycle g) (y :: v)).
      { apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat|]; lra. }
      lra.
  - apply (member_positive f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))
             (fun y => fvalue (deviation_ratio g) (y :: v))); auto 8.
    intros y Hy; rewrite <- GZ; auto 8.
  - apply (member_bounded f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))
             (fun y => fvalue (deviation_ratio g) (y :: v))); auto 8.
    intros y Hy; pose proof (H _ (or_intror (or_intror (or_introl eq_refl))) y Hy) as P.
    rewrite fvalue_add, O, GZ in P; lra.
  - intros x Hx; rewrite Hf; apply Rmult_lt_0_compat; [exact Hx|].
    assert (0 < x ^ 2) by (apply pow_lt, Hx).
    destruct (Rtotal_order (x ^ 2) 1) as [L|[E|L]]; [auto|rewrite E; lra|].
    assert (T : 0 < / x ^ 2 < 1).
    { split; [apply Rinv_0_lt_compat; assumption|].
      apply Rmult_lt_reg_l with (x ^ 2); [assumption|]; rewrite Rinv_r; lra. }
    pose proof (H _ (or_intror (or_introl eq_refl)) _ T) as P.
    destruct (from_infinity_value v g (/ x ^ 2) (proj1 T)) as [k [Hk E]].
    rewrite E, Rinv_inv in P; nra.
  - split; [exact F1|]; exists (fvalue (multiplier g) (1 / 2 :: v)); split; [exact M|].
    pose proof (H _ (or_introl eq_refl) _ half) as A; pose proof (H _ (or_intror (or_introl eq_refl)) _ half) as B.
    rewrite fvalue_sub, O in A; rewrite fvalue_add, O in B; apply Rabs_def1; lra.
  - split; [exact F1|]; exists (fvalue (multiplier g) (1 / 2 :: v)); split; [exact M|].
    pose proof (H _ (or_introl eq_refl) _ half) as A; rewrite fvalue_sub, O in A; lra.
  - split; [exact F1|]; exists (fvalue (multiplier g) (1 / 2 :: v)); split; [exact M|].
    pose proof (H _ (or_introl eq_refl) _ half) as A; rewrite fvalue_sub, fvalue_opp, O in A; lra.
  - exists (sqrt y0); split; [exact Hx0|].
    pose proof (HA _ (or_introl eq_refl)) as A; rewrite fvalue_opp, fvalue_mul, GZ in A.
    apply (flips_at_root f (fun y => fvalue g (y :: v)) Hf y0 Hy0); lra.
  - exists (sqrt y0); split; [exact Hx0|].
    pose proof (HA _ (or_introl eq_refl)) as A; pose proof (HA _ (or_intror (or_introl eq_refl))) as B.
    rewrite fvalue_sub, next_square_value, O in A; rewrite fvalue_opp, fvalue_mul, <- WR in B.
    apply (escapes_above f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))); auto; try lra.
    apply falls_beyond_one; auto 8.
  - exists (sqrt y0); split; [exact Hx0|].
    pose proof (HA _ (or_introl eq_refl)) as A; pose proof (HA _ (or_intror (or_introl eq_refl))) as B.
    rewrite fvalue_sub, next_square_value, O in A; rewrite fvalue_sub, fvalue_opp, GZ, O in B.
    apply (escapes_alternating f (fun y => fvalue g (y :: v))); auto; try lra.
    apply falls_beyond_one; auto 8.
  - pose proof (HA _ (or_introl eq_refl)) as A; rewrite fvalue_opp, fvalue_mul, <- WR in A.
    pose proof (H _ (or_introl eq_refl) _ half) as Z0; rewrite fvalue_lift, at_zero_value in Z0.
    pose proof (H _ (or_intror (or_introl eq_refl)) _ half) as Z1; rewrite fvalue_lift, at_one_value in Z1.
    apply (lands_elsewhere f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))) with (y := y0);
      auto; lra.
  - pose proof (HA _ (or_introl eq_refl)) as A; rewrite fvalue_sub, O, fvalue_mul, GZ in A.
    pose proof (H _ (or_introl eq_refl) _ half) as Z0; rewrite fvalue_lift, at_zero_value in Z0.
    apply (comes_back f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))) with (y := y0);
      auto; lra.
Qed.
