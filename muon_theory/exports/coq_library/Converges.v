(** * converges: every orbit from (0, b] tends to the fixed point

    For f(x) = x g(x²) the four conditions of [Convergence] are signs of
    polynomials in y = x²: g > 0, g > 1 before the fixed point, g < 1 after it,
    and H > 0 where H(y) = (g(y) g(y g(y)²) - 1) / (g(y) - 1). The quotient is
    computed without dividing: with u = y g(y)² and the divided difference
    D = (g(u) - g(y)) / (u - y), it is H = (g + 1)(1 + y g D). *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands FixedPoints Convergence.
Import ListNotations.
Local Open Scope R_scope.

(** ** The polynomial H *)

(** (p(u) - p(y)) / (u - y) as a polynomial in y, by Horner's rule. *)
Fixpoint divided_difference (p : poly) (u : rpoly) : rpoly :=
  match p with
  | [] => constant 0
  | _ :: h => radd (rmul u (divided_difference h u)) (Over h 1)
  end.

(** It is what its name says. *)
Lemma divided_difference_value : forall p u y,
  value p (rvalue u y) - value p y = (rvalue u y - y) * rvalue (divided_difference p u) y.
Proof.
  induction p as [|c h IH]; intros u y; simpl.
  - rewrite rvalue_constant; unfold QR; simpl; ring.
  - rewrite rvalue_add, rvalue_mul.
    replace (rvalue (Over h 1) y) with (value h y) by (unfold rvalue; simpl; field).
    specialize (IH u y); set (U := rvalue u y) in *.
    replace (IZR c + U * value h U - (IZR c + y * value h y))
      with (U * (value h U - value h y) + (U - y) * value h y) by ring.
    rewrite IH; ring.
Qed.

(** H = (g + 1)(1 + y g D). *)
Definition two_step (g : rpoly) : rpoly :=
  let yg := rmul variable g in
  let d := divided_difference (top g) (rmul yg g) in
  reduce (rmul (radd g one) (radd one (rmul yg (rmul d (Over [1%Z] (bottom g)))))).

(** g(y) g(y g(y)²) - 1 = (g(y) - 1) H(y). *)
Lemma two_step_value : forall g y,
  rvalue g y * rvalue g (y * rvalue g y ^ 2) - 1
    = (rvalue g y - 1) * rvalue (two_step g) y.
Proof.
  intros g y; unfold two_step.
  rewrite rvalue_reduce, rvalue_mul, !rvalue_add, !rvalue_mul, rvalue_variable, rvalue_one.
  set (u := rmul (rmul variable g) g).
  assert (Hu : rvalue u y = y * rvalue g y ^ 2).
  { unfold u; rewrite !rvalue_mul, rvalue_variable; ring. }
  pose proof (divided_difference_value (top g) u y) as D; rewrite Hu in D.
  set (E := rvalue (divided_difference (top g) u) y) in *.
  assert (G : rvalue g (y * rvalue g y ^ 2) =
              rvalue g y + (y * rvalue g y ^ 2 - y) * (E / IZR (Zpos (bottom g)))).
  { unfold rvalue at 1; set (v := y * rvalue g y ^ 2) in *.
    replace (value (top g) v) with (value (top g) y + (v - y) * E) by lra.
    unfold rvalue; field; auto. }
  replace (rvalue (Over [1%Z] (bottom g)) y) with (/ IZR (Zpos (bottom g)))
    by (unfold rvalue; simpl; field; auto).
  rewrite G; field; auto.
Qed.

(** ** The conditions, given the fixed point as a real number *)

(** Signs of g and H send every orbit from (0, b] to p. *)
Lemma signs_converge : forall r f p b, (forall x, f x = written r x) ->
  0 < p -> p <= b -> rvalue (even_part r) (p ^ 2) = 1 ->
  (forall y, 0 <= y <= b ^ 2 -> 0 < rvalue (even_part r) y) ->
  (forall x, 0 <= x <= b -> f x <= b) ->
  (forall y, 0 <= y < p ^ 2 -> 1 < rvalue (even_part r) y) ->
  (forall y, p ^ 2 < y <= b ^ 2 -> rvalue (even_part r) y < 1) ->
  (forall y, 0 <= y < p ^ 2 -> 0 < rvalue (two_step (even_part r)) y) ->
  forall x0, 0 < x0 <= b -> is_lim_seq (fun n => Nat.iter n f x0) p.
Proof.
  intros r f p b Hf Hp Hpb Hfix Hpos Hle Hbefore Hafter Htwo.
  set (g := rvalue (even_part r)) in *.
  assert (F : forall x, f x = x * g (x ^ 2)) by (intros; rewrite Hf; apply written_value).
  apply (orbits_converge f p b).
  - exact (step_continuous r f Hf).
  - rewrite F, Hfix; ring.
  - exact Hp.
  - exact Hpb.
  - intros x Hx; split; [rewrite F|apply Hle; lra].
    apply Rmult_lt_0_compat; [lra|apply Hpos].
    split; [apply pow2_ge_0|apply square_le; lra].
  - intros x Hx; rewrite F; pose proof (Hbefore (x ^ 2) (conj (pow2_ge_0 x) (square_lt x p ltac:(lra)))) as G.
    apply (Rmult_lt_compat_l x) in G; lra.
  - intros x Hx; rewrite F; pose proof (Hafter (x ^ 2)
      (conj (square_lt p x ltac:(lra)) (square_le x b ltac:(lra)))) as G.
    apply (Rmult_lt_compat_l x) in G; lra.
  - intros x Hx; pose proof (Hbefore (x ^ 2) (conj (pow2_ge_0 x) (square_lt x p ltac:(lra)))) as G1.
    pose proof (Htwo (x ^ 2) (conj (pow2_ge_0 x) (square_lt x p ltac:(lra)))) as H1.
    rewrite (F (f x)), F.
    replace ((x * g (x ^ 2)) ^ 2) with (x ^ 2 * g (x ^ 2) ^ 2) by ring.
    pose proof (two_step_value (even_part r) (x ^ 2)) as T.
    change (rvalue (even_part r)) with g in T.
    assert (H : 0 < (g (x ^ 2) - 1) * rvalue (two_step (even_part r)) (x ^ 2))
      by (apply Rmult_lt_0_compat; lra).
    rewrite <- T in H; apply (Rmult_lt_compat_l x) in H; lra.
Qed.

(** ** What is computed *)

(** Split points for g > 0, f ≤ b, g > 1, g < 1, H > 0. *)
Record signs := Signs {
  g_positive : list Q; f_bounded : list Q;
  g_above : list Q; g_below : list Q; h_positive : list Q }.

(** g > 0 on [0, b²] and f ≤ b on [0, b]. *)
Definition stays_below (r : row) (b : Q) (s : signs) : bool :=
  positive_closed (even_part r) 0 (g_positive s) (square b) &&
  at_least_zero (rsub (constant b) (odd_part r)) 0 (f_bounded s) b.

(** What the two computations mean. *)
Lemma stays_below_sound : forall r f b s, (forall x, f x = written r x) ->
  stays_below r b s = true ->
  (forall y, 0 <= y <= QR b ^ 2 -> 0 < rvalue (even_part r) y) /\
  (forall x, 0 <= x <= QR b -> f x <= QR b).
Proof.
  intros r f b s Hf H; apply andb_true_iff in H as [Hpos Hle]; split.
  - intros y Hy; rewrite <- QR_square in Hy.
    exact (positive_closed_sound _ _ _ _ Hpos y Hy).
  - intros x Hx; pose proof (at_least_zero_sound _ _ _ _ Hle x Hx) as L.
    rewrite rvalue_sub, rvalue_constant, odd_part_value, <- Hf in L; lra.
Qed.

(** *** A rational fixed point *)

Definition converges_test (r : row) (p b : Q) (s : signs) : bool :=
  let g := even_part r in
  below 0 p && Qle_bool p b && Z.eqb (at_point (rsub g one) (square p)) 0 &&
  stays_below r b s &&
  positive_left (rsub g one) 0 (g_above s) (square p) &&
  (Qeq_bool p b || positive_right (rsub one g) (square p) (g_below s) (square b)) &&
  positive_left (two_step g) 0 (h_positive s) (square p).

(** Every orbit from (0, b] tends to p. *)
Theorem converges : forall r f p b s, (forall x, f x = written r x) ->
  converges_test r p b s = true ->
  forall x0, 0 < x0 <= QR b -> is_lim_seq (fun n => Nat.iter n f x0) (QR p).
Proof.
  intros r f p b s Hf H; unfold converges_test in H.
  repeat (apply andb_true_iff in H as [H ?H]).
  rename H0 into Htwo, H1 into Hbelow, H2 into Habove, H3 into Hstays, H4 into Hfix, H5 into Hpb;
    rename H into Hp.
  apply QR_lt in Hp; apply QR_le in Hpb; apply at_point_zero in Hfix.
  destruct (stays_below_sound r f b s Hf Hstays) as [Hpos Hle].
  change (QR 0) with 0 in Hp; rewrite rvalue_sub, rvalue_one, QR_square in Hfix.
  apply (signs_converge r f (QR p) (QR b)); try assumption.
  - lra.
  - intros y Hy; rewrite <- QR_square in Hy.
    pose proof (positive_left_sound _ _ _ _ Habove y Hy) as G.
    rewrite rvalue_sub, rvalue_one in G; lra.
  - intros y Hy; apply orb_true_iff in Hbelow as [E|E].
    + apply QR_eq in E; rewrite E in Hy; lra.
    + rewrite <- !QR_square in Hy; pose proof (positive_right_sound _ _ _ _ E y Hy) as G.
      rewrite rvalue_sub, rvalue_one in G; lra.
  - intros y Hy; rewrite <- QR_square in Hy.
    exact (positive_left_sound _ _ _ _ Htwo y Hy).
Qed.

(** *** A fixed point known by a rational bracket *)

(** g strictly decreasing between the squares of the ends, with the split
    points [monotone]; g > 1 up to the bracket, g < 1 from there on. *)
Definition converges_between_test (r : row) (lo hi b : Q) (monotone : list Q) (s : signs) : bool :=
  let g := even_part r in
  Qle_bool 0 lo && below lo hi && Qle_bool hi b &&
  positive_closed (ropp (rderivative g)) (square lo) monotone (square hi) &&
  stays_below r b s &&
  positive_closed (rsub g one) 0 (g_above s) (square lo) &&
  positive_closed (rsub one g) (square hi) (g_below s) (square b) &&
  positive_left (two_step g) 0 (h_positive s) (square hi).

(** The fixed point exists in the bracket, and every orbit from (0, b] tends to it. *)
Theorem converges_between : forall r f lo hi b monotone s, (forall x, f x = written r x) ->
  converges_between_test r lo hi b monotone s = true ->
  exists p, QR lo < p < QR hi /\ f p = p /\
    forall x0, 0 < x0 <= QR b -> is_lim_seq (fun n => Nat.iter n f x0) p.
Proof.
  intros r f lo hi b monotone s Hf H; unfold converges_between_test in H.
  repeat (apply andb_true_iff in H as [H ?H]).
  rename H0 into Htwo, H1 into Hbelow, H2 into Habove, H3 into Hstays, H4 into Hmono,
    H5 into Hhb, H6 into Hlh; rename H into Hlo.
  apply QR_le in Hlo; apply QR_le in Hhb; apply QR_lt in Hlh.
  change (QR 0) with 0 in Hlo.
  destruct (stays_below_sound r f b s Hf Hstays) as [Hpos Hle].
  pose proof (fun y => positive_left_sound _ _ _ _ Htwo y) as T; clear Htwo.
  pose proof (fun y => positive_closed_sound _ _ _ _ Hbelow y) as B; clear Hbelow.
  pose proof (fun y => positive_closed_sound _ _ _ _ Habove y) as A; clear Habove.
  pose proof (fun y => positive_closed_sound _ _ _ _ Hmono y) as M; clear Hmono.
  rewrite QR_square in A, T; rewrite !QR_square in B, M; change (QR 0) with 0 in *.
  set (g := even_part r) in *.
  assert (A' : forall y, 0 <= y <= QR lo ^ 2 -> 1 < rvalue g y).
  { intros y Hy; specialize (A y Hy); rewrite rvalue_sub, rvalue_one in A; lra. }
  assert (B' : forall y, QR hi ^ 2 <= y <= QR b ^ 2 -> rvalue g y < 1).
  { intros y Hy; specialize (B y Hy); rewrite rvalue_sub, rvalue_one in B; lra. }
  assert (M' : forall y, QR lo ^ 2 <= y <= QR hi ^ 2 -> rvalue (rderivative g) y < 0).
  { intros y Hy; specialize (M y Hy); rewrite rvalue_opp in M; lra. }
  assert (Hsq : QR lo ^ 2 < QR hi ^ 2) by (apply square_lt; lra).
  assert (Hsb : QR hi ^ 2 <= QR b ^ 2) by (apply square_le; lra).
  pose proof (pow2_ge_0 (QR lo)) as Hl0.
  pose proof (A' (QR lo ^ 2) ltac:(lra)) as Alo; pose proof (B' (QR hi ^ 2) ltac:(lra)) as Bhi.
  destruct (intermediate_value (rvalue g) (QR hi ^ 2) (QR lo ^ 2) 1) as [q [Hq E]];
    [apply rvalue_continuous|lra|].
  rewrite Rmin_right, Rmax_left in Hq by lra.
  assert (q <> QR lo ^ 2) by (intros ->; lra).
  assert (q <> QR hi ^ 2) by (intros ->; lra).
  assert (Hq0 : 0 < q) by lra.
  assert (Hs : sqrt q ^ 2 = q) by (rewrite <- Rsqr_pow2; apply Rsqr_sqrt; lra).
  assert (Hs0 : 0 < sqrt q) by (apply sqrt_lt_R0, Hq0).
  exists (sqrt q); split; [|split].
  - split; apply Rnot_le_lt; intros C.
    + pose proof (square_le _ _ (conj (sqrt_pos q) C)); lra.
    + pose proof (square_le (QR hi) (sqrt q) ltac:(lra)); lra.
  - rewrite Hf, written_value, Hs; fold g; rewrite E; ring.
  - apply (signs_converge r f (sqrt q) (QR b)); rewrite ?Hs; try assumption.
    + apply Rnot_lt_le; intros C; pose proof (square_lt (QR b) (sqrt q) ltac:(lra)); lra.
    + intros y Hy; destruct (Rle_lt_dec y (QR lo ^ 2)) as [L|L]; [apply A'; lra|].
      rewrite <- E; apply (decreasing g (QR lo ^ 2) (QR hi ^ 2) M'); lra.
    + intros y Hy; destruct (Rle_lt_dec (QR hi ^ 2) y) as [L|L]; [apply B'; lra|].
      rewrite <- E; apply (decreasing g (QR lo ^ 2) (QR hi ^ 2) M'); lra.
    + intros y Hy; apply T; lra.
Qed.
