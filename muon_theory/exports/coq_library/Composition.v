(** * composition-bound: how well compositions can approximate 1

    A step on [a, b] with a/b ≤ r and minimax error at least E on [r, 1] leaves
    an image of ratio at most (1 - E)/(1 + E): else one multiple of the step
    would do better than E. So the steps can be bounded one after the other,
    each on the smallest ratio that the ones before can have left. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands Minimax.
Import ListNotations.
Local Open Scope R_scope.

(** ** Multiples, in argument and value *)

Fixpoint dilate (s t : R) (q : list R) : list R :=
  match q with [] => [] | a :: q' => s * a :: dilate (s * t) t q' end.

(** s q(t y), from the coefficients of q. *)
Lemma horner_dilate : forall q s t y, horner (dilate s t q) y = s * horner q (t * y).
Proof. induction q as [|a q IH]; intros s t y; simpl; [ring|]; rewrite IH; ring. Qed.

(** It has as many coefficients. *)
Lemma length_dilate : forall q s t, length (dilate s t q) = length q.
Proof. induction q; intros; simpl; auto. Qed.

(** c q(b x) is again an odd polynomial with as many coefficients. *)
Lemma odd_real_dilate : forall q b c x,
  odd_real (dilate (c * b) (b ^ 2) q) x = c * odd_real q (b * x).
Proof.
  intros; rewrite !odd_real_value, horner_dilate.
  replace ((b * x) ^ 2) with (b ^ 2 * x ^ 2) by ring; ring.
Qed.

(** In particular -q, which is also q(-x). *)
Definition opposite : list R -> list R := dilate (-1) 1.

(** -q takes the opposite values. *)
Lemma odd_real_opposite : forall q x, odd_real (opposite q) x = - odd_real q x.
Proof.
  intros; unfold opposite; rewrite !odd_real_value, horner_dilate, Rmult_1_l; ring.
Qed.

(** Odd polynomials are odd functions. *)
Lemma odd_real_odd : forall q x, odd_real q (- x) = - odd_real q x.
Proof.
  intros; rewrite !odd_real_value; replace ((- x) ^ 2) with (x ^ 2) by ring; ring.
Qed.

(** Odd polynomials are continuous. *)
Lemma odd_real_continuous : forall q, continuity (odd_real q).
Proof.
  intros q x.
  assert (H : continuity_pt (mult_fct id (comp (horner q) (fun x => x ^ 2))) x).
  { apply continuity_pt_mult; [apply derivable_continuous_pt, derivable_pt_id|].
    apply continuity_pt_comp.
    - apply derivable_continuous_pt; exists (INR 2 * x ^ 1); apply derivable_pt_lim_pow.
    - destruct q as [|a q]; [apply continuity_pt_const; intros ? ?; reflexivity|].
      apply derivable_continuous_pt; exists (horner (slope_from 1 q) (x ^ 2)).
      apply horner_derivative. }
  intros eps He; destruct (H eps He) as [d [Hd Hn]]; exists d; split; [exact Hd|].
  intros y Hy; rewrite !odd_real_value; exact (Hn y Hy).
Qed.

(** ** The greedy chain *)

(** A reference row, its number of coefficients, r, E and the alternation. *)
Record level := Level {
  reference : row; coefficients : nat; ratio : Q; error : Q; points : list Q }.

Definition level_holds (s : level) : bool :=
  minimax_test (reference s) (coefficients s) (ratio s) 1 (error s) (points s) &&
  Qle_bool 0 (error s) && Qle_bool (ratio s) 1.

(** Each level holds, and its ratio is what the one before leaves; e ≤ the last error. *)
Fixpoint levels_hold (s : level) (rest : list level) (e : Q) : bool :=
  level_holds s &&
  match rest with
  | [] => Qle_bool e (error s)
  | s' :: rest' =>
      Qle_bool (1 - error s) (ratio s' * (1 + error s)) && levels_hold s' rest' e
  end.

(** The coefficient lists have the lengths that the levels name. *)
Fixpoint lengths (levels : list level) (qs : list (list R)) : Prop :=
  match levels, qs with
  | [], [] => True
  | s :: levels', q :: qs' => (length q <= coefficients s)%nat /\ lengths levels' qs'
  | _, _ => False
  end.

(** One level on [a, b]: some value of q lies E or more away from 1/c. *)
Lemma level_sound : forall s q a b c, level_holds s = true ->
  (length q <= coefficients s)%nat -> 0 < b -> a <= QR (ratio s) * b ->
  exists x, a <= x <= b /\ QR (error s) <= Rabs (1 - c * odd_real q x).
Proof.
  intros s q a b c H Hq Hb Hab; unfold level_holds in H.
  apply andb_true_iff in H as [H Hr]; apply andb_true_iff in H as [H _].
  destruct (minimax _ _ _ _ _ _ H (dilate (c * b) (b ^ 2) q)) as [x [Hx E]];
    [rewrite length_dilate; exact Hq|].
  rewrite odd_real_dilate in E; change (QR 1) with 1 in Hx.
  exists (b * x); split; [split; nra|exact E].
Qed.

(** Zero stays zero. *)
Lemma run_zero : forall qs, run (map odd_real qs) 0 = 0.
Proof.
  induction qs as [|q qs IH]; simpl; [reflexivity|].
  replace (odd_real q 0) with 0 by (rewrite odd_real_value; ring); exact IH.
Qed.

(** On [a, b] with a/b at most the first ratio, some value is e or more from 1. *)
Lemma levels_sound : forall rest s q qs e a b,
  levels_hold s rest e = true -> QR e <= 1 ->
  (length q <= coefficients s)%nat -> lengths rest qs ->
  0 < a <= b -> a <= QR (ratio s) * b ->
  exists x, a <= x <= b /\ QR e <= Rabs (1 - run (map odd_real (q :: qs)) x).
Proof.
  induction rest as [|s' rest IH]; intros s q qs e a b H He Hq Hqs Hab Hr;
    cbn [levels_hold] in H; apply andb_true_iff in H as [Hs H].
  - destruct qs; [|contradiction]; apply QR_le in H.
    destruct (level_sound s q a b 1 Hs Hq ltac:(lra) Hr) as [x [Hx E]].
    exists x; split; [exact Hx|simpl; rewrite Rmult_1_l in E; lra].
  - destruct qs as [|q' qs]; [contradiction|]; destruct Hqs as [Hq' Hqs].
    apply andb_true_iff in H as [Hratio H]; apply QR_le in Hratio.
    unfold Qminus in Hratio; rewrite QR_mult, !QR_plus, QR_opp in Hratio.
    change (QR 1) with 1 in Hratio.
    assert (HE : 0 <= QR (error s)).
    { unfold level_holds in Hs; apply andb_true_iff in Hs as [Hs _].
      apply andb_true_iff in Hs as [_ Hs]; apply QR_le in Hs; exact Hs. }
    set (E := QR (error s)) in *; set (r' := QR (ratio s')) in *.
    pose proof (fun x (_ : a <= x <= b) => odd_real_continuous q x) as Hc.
    destruct (continuity_ab_min (odd_real q) a b ltac:(lra) Hc) as [lo [Hlo Hloin]].
    destruct (continuity_ab_maj (odd_real q) a b ltac:(lra) Hc) as [hi [Hhi Hhiin]].
    set (m := odd_real q lo) in *; set (M := odd_real q hi) in *.
    (* every value between m and M is taken on [a, b] *)
    assert (Val : forall z, m <= z <= M -> exists x, a <= x <= b /\ odd_real q x = z).
    { intros z Hz.
      destruct (intermediate_value (odd_real q) lo hi z (odd_real_continuous q) Hz) as [x [Hx Ex]].
      exists x; split; [|exact Ex].
      unfold Rmin, Rmax in Hx; destruct (Rle_dec lo hi); lra. }
    assert (HmM : m <= M) by (apply Hlo; exact Hhiin).
    (* a multiple of q has its values within (M - m)/(M + m) of 1, so E is at most that *)
    assert (Spread : 0 < m \/ M < 0 -> E * Rabs (M + m) <= M - m).
    { intros Hsign; assert (Hsum : M + m <> 0) by lra.
      destruct (level_sound s q a b (2 / (M + m)) Hs Hq ltac:(lra) Hr) as [x [Hx Ex]].
      fold E in Ex; specialize (Hlo x Hx); specialize (Hhi x Hx).
      apply Rmult_le_compat_r with (r := Rabs (M + m)) in Ex; [|apply Rabs_pos].
      rewrite <- Rabs_mult in Ex.
      replace ((1 - 2 / (M + m) * odd_real q x) * (M + m)) with (M + m - 2 * odd_real q x) in Ex
        by (field; exact Hsum).
      apply Rle_trans with (1 := Ex), Rabs_le; lra. }
    destruct (Rlt_le_dec 0 m) as [Pos|Nonpos]; [|destruct (Rlt_le_dec M 0) as [Neg|Nonneg]].
    + specialize (Spread (or_introl Pos)); rewrite Rabs_pos_eq in Spread by lra.
      destruct (IH s' q' qs e m M H He Hq' Hqs) as [y [Hy Ey]]; [lra|fold r'; nra|].
      destruct (Val y Hy) as [x [Hx <-]]; exists x; split; [exact Hx|exact Ey].
    + specialize (Spread (or_intror Neg)); rewrite Rabs_left in Spread by lra.
      destruct (IH s' (opposite q') qs e (- M) (- m) H He) as [y [Hy Ey]];
        [unfold opposite; rewrite length_dilate; exact Hq'|exact Hqs|lra|fold r'; nra|].
      destruct (Val (- y) ltac:(lra)) as [x [Hx Ex]]; exists x; split; [exact Hx|].
      simpl in *; rewrite Ex, odd_real_odd, <- odd_real_opposite; exact Ey.
    + destruct (Val 0 ltac:(lra)) as [x [Hx Ex]]; exists x; split; [exact Hx|].
      change (QR e <= Rabs (1 - run (map odd_real (q' :: qs)) (odd_real q x))).
      rewrite Ex, run_zero, Rminus_0_r, Rabs_R1; exact He.
Qed.

Definition composition_test (l u e : Q) (levels : list level) : bool :=
  match levels with
  | [] => false
  | s :: rest =>
      below 0 l && Qle_bool l u && Qle_bool l (ratio s * u) && Qle_bool e 1 &&
      levels_hold s rest e
  end.

(** No composition of odd polynomials of these lengths stays within e of 1 on [l, u]. *)
Theorem composition_bound : forall l u e levels, composition_test l u e levels = true ->
  forall qs, lengths levels qs ->
  exists x, QR l <= x <= QR u /\ QR e <= Rabs (1 - run (map odd_real qs) x).
Proof.
  intros l u e [|s rest] H qs Hqs; [discriminate|].
  destruct qs as [|q qs]; [contradiction|destruct Hqs as [Hq Hqs]].
  unfold composition_test in H; repeat (apply andb_true_iff in H as [H ?H]).
  apply QR_lt in H; apply QR_le in H3; apply QR_le in H2; apply QR_le in H1.
  change (QR 0) with 0 in H; change (QR 1) with 1 in H1; rewrite QR_mult in H2.
  apply (levels_sound rest s q qs e (QR l) (QR u)); auto; lra.
Qed.
