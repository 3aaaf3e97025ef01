(** * Bounds on logarithms of rational numbers, by their series *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Schedule MeanSquare Integrals.
From MuonTheory Require InBox.
Import ListNotations.
Local Open Scope R_scope.

(** 1 + s² + s⁴ + ... *)
Fixpoint evens (n : nat) : poly := match n with O => [] | S m => 1%Z :: 0%Z :: evens m end.

Lemma evens_value : forall n s, value (evens n) s * (1 - s ^ 2) = 1 - s ^ (2 * n).
Proof.
  induction n as [|n IH]; intros s; [simpl; ring|].
  replace (2 * S n)%nat with (S (S (2 * n))) by lia; cbn [evens value].
  replace ((1 + s * (0 + s * value (evens n) s)) * (1 - s ^ 2))
    with (1 - s ^ 2 + s ^ 2 * (value (evens n) s * (1 - s ^ 2))) by ring.
  rewrite IH; simpl pow; ring.
Qed.

(** ln((1 + t)/(1 - t)) is twice t + t³/3 + ..., up to a rest of geometric size. *)
Definition twin (t : R) : R := ln (1 + t) - ln (1 - t).

Lemma twin_derivative : forall s, 0 <= s < 1 -> derivable_pt_lim twin s (2 / (1 - s ^ 2)).
Proof. intros s Hs; apply is_derive_Reals; unfold twin; auto_derive; [lra|field; split; nra]. Qed.

Lemma twin_bounds : forall n t, 0 < t < 1 ->
  2 * rise (evens n) 0 t <= twin t <=
  2 * rise (evens n) 0 t + 2 / (INR (S (2 * n)) * (1 - t ^ 2)) * t ^ S (2 * n).
Proof.
  intros n t Ht.
  assert (N : 0 < INR (S (2 * n))) by (apply lt_0_INR; lia).
  assert (Ht2 : 0 < 1 - t ^ 2) by nra.
  assert (D : forall s, 0 <= s <= t -> derivable_pt_lim (fun s => twin s - 2 * rise (evens n) 0 s) s (2 * s ^ (2 * n) / (1 - s ^ 2))).
  { intros s Hs; assert (0 < 1 - s ^ 2) by nra.
    replace (2 * s ^ (2 * n) / (1 - s ^ 2)) with (2 / (1 - s ^ 2) - 2 * (s ^ 0 * value (evens n) s)).
    - apply (derivable_pt_lim_minus twin (mult_real_fct 2 (rise (evens n) 0))); [apply twin_derivative; lra|].
      apply derivable_pt_lim_scal, rise_derivative.
    - pose proof (evens_value n s) as E; replace (s ^ (2 * n)) with (1 - value (evens n) s * (1 - s ^ 2)) by lra.
      simpl (s ^ 0); field; lra. }
  assert (Z : twin 0 - 2 * rise (evens n) 0 0 = 0) by (rewrite rise_zero; unfold twin; rewrite Rplus_0_r, Rminus_0_r; ring).
  split.
  - destruct (MVT_cor2 _ _ 0 t (proj1 Ht) D) as [c [E Hc]]; cbn beta in E.
    assert (0 <= 2 * c ^ (2 * n) / (1 - c ^ 2)).
    { apply Rmult_le_pos; [apply Rmult_le_pos; [lra|apply pow_le; lra]|]; apply Rlt_le, Rinv_0_lt_compat; nra. }
    nra.
  - set (C := 2 / (INR (S (2 * n)) * (1 - t ^ 2))).
    assert (D2 : forall s, 0 <= s <= t -> derivable_pt_lim (fun s => C * s ^ S (2 * n) - (twin s - 2 * rise (evens n) 0 s)) s
      (C * (INR (S (2 * n)) * s ^ (2 * n)) - 2 * s ^ (2 * n) / (1 - s ^ 2))).
    { intros s Hs; apply (derivable_pt_lim_minus (mult_real_fct C (fun s => s ^ S (2 * n)))); [|apply D, Hs].
      apply derivable_pt_lim_scal; exact (derivable_pt_lim_pow s (S (2 * n))). }
    destruct (MVT_cor2 _ _ 0 t (proj1 Ht) D2) as [c [E Hc]]; cbn beta in E; rewrite Z in E.
    assert (0 <= C * (INR (S (2 * n)) * c ^ (2 * n)) - 2 * c ^ (2 * n) / (1 - c ^ 2)).
    { assert (0 < 1 - c ^ 2) by nra; assert (P : 0 <= c ^ (2 * n)) by (apply pow_le; lra).
      replace (C * (INR (S (2 * n)) * c ^ (2 * n)) - 2 * c ^ (2 * n) / (1 - c ^ 2))
        with (2 * c ^ (2 * n) * (/ (1 - t ^ 2) - / (1 - c ^ 2))) by (unfold C; field; repeat split; lra).
      apply Rmult_le_pos; [lra|].
      pose proof (Rinv_le_contravar (1 - t ^ 2) (1 - c ^ 2) Ht2 ltac:(nra)); lra. }
    replace (C * 0 ^ S (2 * n)) with 0 in E by (simpl pow; ring); nra.
Qed.

(** 1/(2i + 1) + y/(2i + 3) + ..., and after so many terms what is given. *)
Fixpoint series (n i : nat) (rest y : R) : R :=
  match n with O => rest | S m => / INR (S (2 * i)) + y * series m (S i) rest y end.

Lemma series_rise : forall n i t rest,
  t ^ S (2 * i) * series n i rest (t ^ 2) = rise (evens n) (2 * i) t + t ^ S (2 * (i + n)) * rest.
Proof.
  induction n as [|n IH]; intros i t rest; cbn [series evens rise].
  - rewrite Nat.add_0_r; ring.
  - specialize (IH (S i) t rest).
    replace (2 * S i)%nat with (S (S (2 * i))) in IH by lia; replace (S i + n)%nat with (i + S n)%nat in IH by lia.
    replace (t ^ S (2 * i) * (/ INR (S (2 * i)) + t ^ 2 * series n (S i) rest (t ^ 2)))
      with (t ^ S (2 * i) * / INR (S (2 * i)) + t ^ S (S (S (2 * i))) * series n (S i) rest (t ^ 2)) by (simpl pow; ring).
    rewrite IH; unfold Rdiv; ring.
Qed.

Fixpoint series_rounded (round : Q -> Z) (n i : nat) (rest y : Q) : Q :=
  match n with
  | O => rest
  | S m => (round ((1 # Pos.of_succ_nat (2 * i)) + y * series_rounded round m (S i) rest y) # unit)%Q
  end.

Lemma series_rounded_sound : forall n i rest rest' y, 0 <= QR y ->
  (QR rest <= rest' -> QR (series_rounded rounded_down n i rest y) <= series n i rest' (QR y)) /\
  (rest' <= QR rest -> series n i rest' (QR y) <= QR (series_rounded rounded_up n i rest y)).
Proof.
  induction n as [|n IH]; intros i rest rest' y Hy; [split; intros H; exact H|].
  destruct (IH (S i) rest rest' y Hy) as [Lo Hi]; cbn [series series_rounded].
  assert (E : QR (1 # Pos.of_succ_nat (2 * i)) = / INR (S (2 * i)))
    by (rewrite QR_quotient, INR_IZR_INZ; cbn [Qnum Qden]; unfold Rdiv; rewrite Rmult_1_l; reflexivity).
  split; intros H.
  - eapply Rle_trans; [apply rounded_down_sound|]; rewrite QR_plus, QR_mult, E.
    pose proof (Rmult_le_compat_l _ _ _ Hy (Lo H)); lra.
  - eapply Rle_trans; [|apply rounded_up_sound]; rewrite QR_plus, QR_mult, E.
    pose proof (Rmult_le_compat_l _ _ _ Hy (Hi H)); lra.
Qed.

(** ln(b/a) for 0 < a < b ≤ 2a, by 40 terms in t = (b - a)/(b + a) ≤ 1/3. *)
Definition terms : nat := 40.
Definition log_low (a b : Q) : Q :=
  let t := ((b - a) * / (b + a))%Q in (2 * (t * series_rounded rounded_down terms 0 0 (t * t)))%Q.
Definition log_high (a b : Q) : Q :=
  let t := ((b - a) * / (b + a))%Q in (2 * (t * series_rounded rounded_up terms 0 (1 # 72) (t * t)))%Q.

Lemma log_bounds : forall a b, 0 < QR a -> QR a < QR b -> QR b <= 2 * QR a ->
  QR (log_low a b) <= ln (QR b / QR a) <= QR (log_high a b).
Proof.
  intros a b Ha Hab Hb; set (t := ((b - a) * / (b + a))%Q).
  assert (T : QR t = (QR b - QR a) / (QR b + QR a)).
  { unfold t; rewrite QR_mult, InBox.QR_inverse by (rewrite QR_plus; lra); rewrite QR_minus, QR_plus; reflexivity. }
  assert (T1 : QR t * (QR b + QR a) = QR b - QR a) by (rewrite T; field; lra).
  assert (Ht : 0 < QR t <= 1 / 3).
  { split; [rewrite T; apply Rdiv_lt_0_compat; lra|].
    apply Rmult_le_reg_r with (QR b + QR a); lra. }
  assert (E : ln (QR b / QR a) = twin (QR t)).
  { unfold twin; replace (QR b / QR a) with ((1 + QR t) * / (1 - QR t)).
    - rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; lra); ring.
    - rewrite T; field; repeat split; lra. }
  rewrite E; clear E.
  destruct (twin_bounds terms (QR t) ltac:(lra)) as [Lo Hi].
  assert (Y : QR (t * t) = QR t ^ 2) by (rewrite QR_mult; ring).
  assert (Hy : 0 <= QR (t * t)) by (rewrite Y; apply pow2_ge_0).
  destruct (series_rounded_sound terms 0 0 0 (t * t) Hy) as [SL _].
  set (tau := 1 / (INR (S (2 * terms)) * (1 - QR t ^ 2))) in *.
  destruct (series_rounded_sound terms 0 (1 # 72) tau (t * t) Hy) as [_ SH].
  specialize (SL (Rle_refl _)).
  assert (Ht2 : QR t ^ 2 <= 1 / 9) by nra.
  assert (Tau : tau <= QR (1 # 72)).
  { unfold tau; clear - Ht2; set (q := QR t ^ 2) in *; clearbody q.
    rewrite QR_quotient; cbn [Qnum Qden]; replace (INR (S (2 * terms))) with 81 by (unfold terms; rewrite INR_IZR_INZ; reflexivity).
    apply Rmult_le_reg_r with (81 * (1 - q)); [lra|].
    replace (1 / (81 * (1 - q)) * (81 * (1 - q))) with 1 by (field; lra); lra. }
  specialize (SH Tau); rewrite Y in SL, SH.
  pose proof (series_rise terms 0 (QR t) 0) as RL; pose proof (series_rise terms 0 (QR t) tau) as RH.
  replace (2 * 0)%nat with 0%nat in RL, RH by lia; rewrite pow_1 in RL, RH; rewrite Nat.add_0_l in RL, RH.
  unfold log_low, log_high; fold t; rewrite !QR_mult; change (QR 2) with 2.
  split.
  - apply Rle_trans with (2 := Lo).
    pose proof (Rmult_le_compat_l (QR t) _ _ ltac:(lra) SL); lra.
  - apply Rle_trans with (1 := Hi).
    pose proof (Rmult_le_compat_l (QR t) _ _ ltac:(lra) SH) as M; rewrite RH in M.
    replace (2 / (INR (S (2 * terms)) * (1 - QR t ^ 2)) * QR t ^ S (2 * terms))
      with (2 * (QR t ^ S (2 * terms) * tau)); [lra|].
    unfold tau; clear - Ht2; set (q := QR t ^ 2) in *; clearbody q.
    field; split; [lra|apply not_0_INR; discriminate].
Qed.
