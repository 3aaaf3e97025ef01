(** * What holds for all cubics, and for all quintics, with f(1) = 1

    No certificate can say this, as it ranges over all coefficients: the
    multipliers at 1, the first passage as the first coefficient grows, and
    where every map is too steep. And what n steps of one of them do. *)

From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Members FirstPassage.
Local Open Scope R_scope.

(** ** Multipliers at 1 *)

(** f(1) = 1 in degree three: f'(1) = 3 - 2a, and |f'(1)| < 1 exactly for 1 < a < 2. *)
Theorem cubic_multiplier : forall a,
  is_derive (fun x => a * x + (1 - a) * x ^ 3) 1 (3 - 2 * a) /\
  (Rabs (3 - 2 * a) < 1 <-> 1 < a < 2) /\ (1 < 3 - 2 * a <-> a < 1) /\ (3 - 2 * a < -1 <-> 2 < a).
Proof.
  intros a; split; [auto_derive; [exact I|ring]|split; [|lra]].
  unfold Rabs; destruct (Rcase_abs (3 - 2 * a)); lra.
Qed.

(** f(1) = 1 in degree five: f'(1) = 5 - 4a - 2b, and |f'(1)| < 1 exactly for 2 - 2a < b < 3 - 2a. *)
Theorem quintic_multiplier : forall a b,
  is_derive (fun x => a * x + b * x ^ 3 + (1 - a - b) * x ^ 5) 1 (5 - 4 * a - 2 * b) /\
  (Rabs (5 - 4 * a - 2 * b) < 1 <-> 2 - 2 * a < b < 3 - 2 * a) /\
  (1 < 5 - 4 * a - 2 * b <-> b < 2 - 2 * a) /\ (5 - 4 * a - 2 * b < -1 <-> 3 - 2 * a < b).
Proof.
  intros a b; split; [auto_derive; [exact I|ring]|split; [|lra]].
  unfold Rabs; destruct (Rcase_abs (5 - 4 * a - 2 * b)); lra.
Qed.

(** ** The first passage falls *)

(** The cubics with f(1) = 1 grow with a at every x of (0, 1), and so do the quintics with one f'(1). *)
Theorem cubics_grow : forall a b v, a < b -> 0 < v < 1 -> a * v + (1 - a) * v ^ 3 < b * v + (1 - b) * v ^ 3.
Proof.
  intros a b v Hab Hv; assert (0 < (b - a) * (v * (1 - v ^ 2))).
  { apply Rmult_lt_0_compat; [lra|apply Rmult_lt_0_compat; [lra|nra]]. }
  replace (b * v + (1 - b) * v ^ 3) with (a * v + (1 - a) * v ^ 3 + (b - a) * (v * (1 - v ^ 2))) by ring; lra.
Qed.

Theorem quintics_grow : forall a b s v, a < b -> 0 < v < 1 ->
  a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5 <
  b * v + ((5 - s) / 2 - 2 * b) * v ^ 3 + (b - (3 - s) / 2) * v ^ 5.
Proof.
  intros a b s v Hab Hv; assert (0 < (b - a) * (v * (1 - v ^ 2) ^ 2)).
  { apply Rmult_lt_0_compat; [lra|apply Rmult_lt_0_compat; [lra|apply pow_lt; nra]]. }
  replace (b * v + ((5 - s) / 2 - 2 * b) * v ^ 3 + (b - (3 - s) / 2) * v ^ 5) with
    (a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5 + (b - a) * (v * (1 - v ^ 2) ^ 2)) by field; lra.
Qed.

(** Both are at least v on [0, 1]. *)
Theorem cubic_rises : forall a v, 1 <= a -> 0 <= v <= 1 -> v <= a * v + (1 - a) * v ^ 3.
Proof.
  intros a v Ha Hv; assert (0 <= (a - 1) * (v * (1 - v ^ 2))).
  { apply Rmult_le_pos; [lra|apply Rmult_le_pos; [lra|nra]]. }
  replace (a * v + (1 - a) * v ^ 3) with (v + (a - 1) * (v * (1 - v ^ 2))) by ring; lra.
Qed.

Theorem quintic_rises : forall a s v, 1 <= a -> s <= 1 -> 0 <= v <= 1 ->
  v <= a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5.
Proof.
  intros a s v Ha Hs Hv.
  assert (A : 0 <= v * (1 - v ^ 2)) by (apply Rmult_le_pos; [lra|nra]).
  assert (B : 0 <= (a - 1) * (1 - v ^ 2) + (1 - s) / 2 * v ^ 2).
  { assert (0 <= (a - 1) * (1 - v ^ 2)) by (apply Rmult_le_pos; nra).
    assert (0 <= (1 - s) / 2 * v ^ 2) by (apply Rmult_le_pos; [lra|apply pow2_ge_0]); lra. }
  pose proof (Rmult_le_pos _ _ A B).
  replace (a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5) with
    (v + v * (1 - v ^ 2) * ((a - 1) * (1 - v ^ 2) + (1 - s) / 2 * v ^ 2)) by field; lra.
Qed.

(** So for all cubics with f(1) = 1, 1 ≤ a < b, the first passage falls, at every level L of (0, 1), after any n steps. *)
Theorem cubic_first_passage : forall a b L n x y, 1 <= a -> a < b -> (0 < n)%nat -> 0 < L < 1 ->
  first_passage (fun v => a * v + (1 - a) * v ^ 3) L n x ->
  first_passage (fun v => b * v + (1 - b) * v ^ 3) L n y -> y < x.
Proof.
  intros a b L n x y Ha Hab Hn HL; apply first_passage_falls; auto; try ring.
  - reg.
  - reg.
  - intros; apply cubic_rises; assumption.
  - intros; apply cubics_grow; assumption.
Qed.

(** And for all quintics with f(1) = 1 and one f'(1) = s ≤ 1. *)
Theorem quintic_first_passage : forall a b s L n x y, 1 <= a -> a < b -> s <= 1 -> (0 < n)%nat -> 0 < L < 1 ->
  first_passage (fun v => a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5) L n x ->
  first_passage (fun v => b * v + ((5 - s) / 2 - 2 * b) * v ^ 3 + (b - (3 - s) / 2) * v ^ 5) L n y -> y < x.
Proof.
  intros a b s L n x y Ha Hab Hs Hn HL; apply first_passage_falls; auto; try ring.
  - reg.
  - reg.
  - intros; apply quintic_rises; assumption.
  - intros; apply quintics_grow; assumption.
Qed.

(** ** Far along the families *)

(** Every quintic with f(1) = 1, |f'(1)| ≤ 1 and f'(0) ≥ 4 sends 1/2 past every bound. *)
Theorem steep_quintics_escape : forall a s, 4 <= a -> -1 <= s <= 1 ->
  let f := fun v => a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5 in
  is_lim_seq (fun n => Rabs (Nat.iter n f (1 / 2))) p_infty.
Proof.
  intros a s Ha Hs f; set (p := (1 - s) / 2); assert (Hp : 0 <= p <= 1) by (unfold p; lra).
  set (w := fun y => p + (1 - y) * (a - 1 - p)); set (g := fun y => 1 + (1 - y) * w y).
  replace (1 / 2) with (sqrt (1 / 4)).
  2: { replace (1 / 4) with ((1 / 2) * (1 / 2)) by field; apply sqrt_square; lra. }
  assert (Zbig : 3 / 2 < 1 / 4 * g (1 / 4) ^ 2).
  { unfold g, w; assert (5 / 2 < 1 + (1 - 1 / 4) * (p + (1 - 1 / 4) * (a - 1 - p))) by lra; nra. }
  apply (escapes_above f g w).
  - intros x; unfold f, g, w, p; field.
  - intros y; reflexivity.
  - intros y z Hy Hyz; unfold w; assert (0 < (z - y) * (a - 1 - p)) by (apply Rmult_lt_0_compat; lra); lra.
  - lra.
  - lra.
  - set (z := 1 / 4 * g (1 / 4) ^ 2) in *; unfold w.
    assert (1 / 2 * (a - 1 - p) < (z - 1) * (a - 1 - p)) by (apply Rmult_lt_compat_r; lra); lra.
Qed.

(** Every cubic with f(1) = 1 and f'(0) ≥ 4 sends 1/2 past every bound, with alternating signs. *)
Theorem steep_cubics_escape : forall a, 4 <= a ->
  let f := fun v => a * v + (1 - a) * v ^ 3 in
  is_lim_seq (fun n => Rabs (Nat.iter n f (1 / 2))) p_infty /\
  forall n, (0 < n)%nat -> Nat.iter n f (1 / 2) * Nat.iter (S n) f (1 / 2) < 0.
Proof.
  intros a Ha f; set (g := fun y => a + (1 - a) * y).
  replace (1 / 2) with (sqrt (1 / 4)).
  2: { replace (1 / 4) with ((1 / 2) * (1 / 2)) by field; apply sqrt_square; lra. }
  assert (Zbig : 2 < 1 / 4 * g (1 / 4) ^ 2).
  { unfold g; assert (3 < a + (1 - a) * (1 / 4)) by lra; nra. }
  apply (escapes_alternating f g).
  - intros x; unfold f, g; ring.
  - intros y z Hy Hyz; unfold g; assert (0 < (z - y) * (a - 1)) by (apply Rmult_lt_0_compat; lra); lra.
  - lra.
  - lra.
  - set (z := 1 / 4 * g (1 / 4) ^ 2) in *; unfold g.
    assert (2 * (a - 1) < z * (a - 1)) by (apply Rmult_lt_compat_r; lra); lra.
Qed.

(** ** Any number of steps of (3/2, -1/2) increases on [0, 1], and stays in it *)

Theorem smooth_steps_increase : forall n x y, 0 <= x -> x < y -> y <= 1 ->
  let f := fun x => 3 / 2 * x - 1 / 2 * x ^ 3 in
  0 <= Nat.iter n f x < Nat.iter n f y /\ Nat.iter n f y <= 1.
Proof.
  intros n x y Hx Hxy Hy f; induction n as [|n IH]; [simpl; lra|].
  change (Nat.iter (S n) f x) with (f (Nat.iter n f x)); change (Nat.iter (S n) f y) with (f (Nat.iter n f y)).
  set (u := Nat.iter n f x) in *; set (v := Nat.iter n f y) in *; unfold f.
  assert (E : 3 / 2 * v - 1 / 2 * v ^ 3 - (3 / 2 * u - 1 / 2 * u ^ 3) =
    (v - u) * (1 / 2 * ((1 - u ^ 2) + (1 - u * v) + (1 - v ^ 2)))) by field.
  assert (u * u < 1) by nra; assert (u * v <= 1) by nra; assert (v * v <= 1) by nra.
  assert (0 < (v - u) * (1 / 2 * ((1 - u ^ 2) + (1 - u * v) + (1 - v ^ 2)))).
  { apply Rmult_lt_0_compat; [lra|]; simpl; lra. }
  assert (1 - (3 / 2 * v - 1 / 2 * v ^ 3) = (1 - v) ^ 2 * (v + 2) / 2) by field.
  pose proof (pow2_ge_0 (1 - v)); split; [split|]; [| lra |].
  - assert (0 <= u * (3 / 2 - 1 / 2 * u ^ 2)) by (apply Rmult_le_pos; [lra|simpl; lra]).
    replace (3 / 2 * u - 1 / 2 * u ^ 3) with (u * (3 / 2 - 1 / 2 * u ^ 2)) by field; assumption.
  - assert (0 <= (1 - v) ^ 2 * (v + 2)) by (apply Rmult_le_pos; lra); lra.
Qed.
