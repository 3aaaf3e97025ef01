(** * escapes: orbits that leave every bound

    A chain of intervals carries the start to |x| ≥ R; from there on
    |f(x)| ≥ k |x| with k > 1, because ±g(y) ≥ k for every y ≥ R². That is a
    statement on [0, 1] in t = R²/y, after multiplying by a power of t. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands.
Import ListNotations.
Local Open Scope R_scope.

(** ** Repeating one step *)

(** Running a step k times is iterating it. *)
Lemma run_repeat : forall f k x, run (repeat f k) x = Nat.iter k f x.
Proof.
  intros f k; induction k as [|k IH]; intros x; [reflexivity|].
  change (run (repeat f k) (f x) = Nat.iter (S k) f x); rewrite IH; clear IH.
  induction k as [|k IH]; [reflexivity|].
  change (f (Nat.iter k f (f x)) = f (Nat.iter (S k) f x)); rewrite IH; reflexivity.
Qed.

(** ** Growth *)

(** If |f(x)| ≥ κ |x| from ρ on, κ > 1, an orbit that reaches ρ leaves every bound. *)
Lemma grows_without_bound : forall f x0 k rho kappa, 0 < rho -> 1 < kappa ->
  (forall x, rho <= Rabs x -> kappa * Rabs x <= Rabs (f x)) ->
  rho <= Rabs (Nat.iter k f x0) ->
  is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty.
Proof.
  intros f x0 k rho kappa Hr Hk Hg H0.
  assert (B : forall n, kappa ^ n * rho <= Rabs (Nat.iter (n + k) f x0)).
  { induction n as [|n IH]; [simpl; lra|].
    change (Nat.iter (S n + k) f x0) with (f (Nat.iter (n + k) f x0)).
    assert (1 <= kappa ^ n) by (apply pow_R1_Rle; lra).
    pose proof (Hg (Nat.iter (n + k) f x0) ltac:(nra)); simpl; nra. }
  apply (is_lim_seq_incr_n _ k), is_lim_seq_le_p_loc with (fun n => kappa ^ n * rho).
  - exists 0%nat; intros n _; apply B.
  - replace p_infty with (Rbar_mult p_infty rho).
    + apply is_lim_seq_scal_r, is_lim_seq_geom_p, Hk.
    + simpl; destruct (Rle_dec 0 rho); [|lra].
      destruct (Rle_lt_or_eq_dec 0 rho r); [reflexivity|lra].
Qed.

Definition far (radius : Q) (i : interval) : bool :=
  Qle_bool radius (fst i) || Qle_bool (snd i) (- radius).

(** In particular one that a chain carries into an interval beyond the radius. *)
Lemma escapes_from_far : forall f x0 k j radius ratio, 0 < QR radius -> 1 < QR ratio ->
  (forall x, QR radius <= Rabs x -> QR ratio * Rabs x <= Rabs (f x)) ->
  far radius j = true -> inside j (run (repeat f k) x0) ->
  is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty.
Proof.
  intros f x0 k j radius ratio HR Hk G Hj Hin; rewrite run_repeat in Hin.
  apply (grows_without_bound f x0 k (QR radius) (QR ratio) HR Hk G).
  apply orb_true_iff in Hj as [Hj|Hj]; apply QR_le in Hj; rewrite ?QR_opp in Hj;
    unfold inside in Hin; unfold Rabs; destruct (Rcase_abs _); lra.
Qed.

(** ** Far out *)

(** t^n h(R²/t), up to a positive integer. *)
Definition at_infinity (h : rpoly) (radius : Q) : rpoly :=
  let y := square radius in
  Over (substituted (top h) [Qnum y] (Zpos (Qden y)) [0; 1]%Z) 1.

(** If it is nonnegative on [0, 1], then h(y) ≥ 0 for every y ≥ R². *)
Lemma at_infinity_sound : forall h radius splits, 0 < QR radius ->
  at_least_zero (at_infinity h radius) 0 splits 1 = true ->
  forall y, QR radius ^ 2 <= y -> 0 <= rvalue h y.
Proof.
  intros h radius splits HR H y Hy; set (q := square radius) in *.
  assert (Hq : 0 < QR q) by (unfold q; rewrite QR_square; apply pow_lt, HR).
  rewrite <- QR_square in Hy; fold q in Hy.
  set (t := QR q / y).
  assert (Ht : 0 < t) by (apply Rdiv_lt_0_compat; lra).
  assert (Ht1 : t <= 1).
  { apply Rmult_le_reg_r with y; [lra|]; unfold t, Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
  assert (HC : 0 < IZR (Zpos (Qden q)) * value [0; 1]%Z t).
  { cbn [value]; pose proof (Rmult_lt_0_compat _ _ Ht (positive_real (Qden q))); lra. }
  destruct (substituted_multiple (top h) [Qnum q] _ _ t HC) as [k [Hk E]].
  pose proof (at_least_zero_sound _ _ _ _ H t (conj (Rlt_le _ _ Ht) Ht1)) as P.
  replace (rvalue (at_infinity h radius) t)
    with (value (substituted (top h) [Qnum q] (Zpos (Qden q)) [0; 1]%Z) t) in P
    by (unfold rvalue, at_infinity; cbn [top bottom]; fold q; field).
  rewrite E in P.
  replace (value [Qnum q] t / (IZR (Zpos (Qden q)) * value [0; 1]%Z t)) with y in P.
  - unfold rvalue; apply Rmult_le_reg_l with (k * IZR (Zpos (bottom h)));
      [apply Rmult_lt_0_compat; auto|].
    replace (k * IZR (Zpos (bottom h)) * (value (top h) y / IZR (Zpos (bottom h))))
      with (k * value (top h) y) by (field; auto).
    lra.
  - assert (Qn : IZR (Qnum q) = QR q * IZR (Zpos (Qden q))) by (rewrite QR_quotient; field; auto).
    cbn [value]; rewrite Qn; unfold t; field; repeat split; try lra; auto.
Qed.

(** ** By the rule in one variable *)

(** ±g ≥ k beyond the radius; [negative] says which sign. *)
Definition grows (r : row) (radius ratio : Q) (negative : bool) (splits : list Q) : bool :=
  let g := even_part r in
  at_least_zero (at_infinity (rsub (if negative then ropp g else g) (constant ratio)) radius)
    0 splits 1.

(** |f(x)| ≥ k |x| beyond the radius. *)
Lemma grows_sound : forall r f radius ratio negative splits, (forall x, f x = written r x) ->
  0 < QR radius -> 1 < QR ratio -> grows r radius ratio negative splits = true ->
  forall x, QR radius <= Rabs x -> QR ratio * Rabs x <= Rabs (f x).
Proof.
  intros r f radius ratio negative splits Hf HR Hk H x Hx.
  assert (Hy : QR radius ^ 2 <= x ^ 2).
  { rewrite <- (pow2_abs x); apply square_le; lra. }
  pose proof (at_infinity_sound _ _ _ HR H (x ^ 2) Hy) as G.
  rewrite rvalue_sub, rvalue_constant in G.
  rewrite Hf, written_value, Rabs_mult, Rmult_comm.
  apply Rmult_le_compat_l; [apply Rabs_pos|].
  destruct negative; [rewrite rvalue_opp in G|]; unfold Rabs; destruct (Rcase_abs _); lra.
Qed.
