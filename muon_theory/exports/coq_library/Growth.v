(** * constant-bound: how large a map can be that stays near 1

    The values of f at some points of [l, 1] give f everywhere. So if all its
    values on [l, 1] are small, they stay small near 0; and if one is large,
    the next iterates are larger: a map whose T-th iterates lie near 1 stays
    below some top, and its f(x)/x in known intervals. *)

From Coq Require Import Reals ZArith QArith Qreduction List Bool Lra Lia.
From MuonTheory Require Import Polynomial Schedule Minimax Composition Interpolation Enclosures Points.
Import ListNotations.
Local Open Scope R_scope.

(** ** Values from those at points of [l, 1] *)

(** The polynomials L_j(y)/t_j, for the values of f at the t_j. *)
Definition parts_of (ts : list Q) : list (list Q) :=
  map (fun e => qscale (/ fst e) (snd e)) (combine ts (lagrange (map square ts))).

Definition reach (size : Q -> Q) (parts : list (list Q)) (x : Q) : Q :=
  fold_right (fun p s => Qred (x * qhorner (map size p) (square x) + s)) 0%Q parts.
Definition values_of (parts : list (list Q)) (y : Q) : list Q := map (fun p => qhorner p y) parts.
Definition sum_of (size : Q -> Q) (vs : list Q) : Q := fold_right (fun v s => Qred (size v + s)) 0%Q vs.

Definition absolute_part (c : Q) : Q := (Z.abs (Qnum c) # Qden c)%Q.

Definition nodes_fit (n : nat) (xs : list Q) : bool :=
  Nat.eqb (length xs) n && forallb (fun x => Qle_bool 0 x && short x) xs &&
  interpolates n (map square xs) (lagrange (map square xs)).

Definition growth_fits (n : nat) (l E top : Q) (ts : list Q) : bool :=
  let parts := parts_of ts in
  nodes_fit n ts && forallb (fun t => Qle_bool l t && Qle_bool t 1) ts &&
  Qle_bool (reach absolute_part parts l) 1 && Qle_bool (1 + E) top && below (reach positive_part parts (/ top)) 1.

(** f(x)/x from its values, by polynomials in y = x². *)
Fixpoint from_values (vs : list R) (parts : list (list Q)) (y : R) : R :=
  match vs, parts with v :: vs', p :: parts' => v * qvalue p y + from_values vs' parts' y | _, _ => 0 end.

Section Growth.

Variables (n : nat) (l E top : Q) (ts : list Q).
Hypothesis fits : growth_fits n l E top ts = true.
Hypothesis l_positive : 0 < QR l.
Hypothesis E_positive : 0 < QR E.

Let parts := parts_of ts.

Lemma nodes_known : forall xs, nodes_fit n xs = true ->
  length xs = n /\ interpolates n (map square xs) (lagrange (map square xs)) = true.
Proof.
  intros xs H; unfold nodes_fit in H; apply andb_true_iff in H as [H H2]; apply andb_true_iff in H as [H _].
  apply Nat.eqb_eq in H; split; assumption.
Qed.

Lemma QR_inv : forall a, 0 < QR a -> QR (/ a) = / QR a.
Proof.
  intros a Ha; apply Rmult_eq_reg_l with (QR a); [|lra]; rewrite Rinv_r, <- QR_mult by lra.
  change 1 with (QR 1); apply QR_eq, Qeq_bool_iff, Qmult_inv_r; intros Z.
  assert (QR a = QR 0) by (apply QR_eq, Qeq_bool_iff, Z); change (QR 0) with 0 in H; lra.
Qed.

Lemma points_in : Forall (fun t => QR l <= QR t <= 1) ts.
Proof.
  unfold growth_fits in fits; do 3 (apply andb_true_iff in fits as [fits _]); apply andb_true_iff in fits as [_ H].
  rewrite forallb_forall in H; apply Forall_forall; intros t Ht; specialize (H t Ht).
  apply andb_true_iff in H as [H1 H2]; apply QR_le in H1; apply QR_le in H2; split; assumption.
Qed.

(** f(x)/x from the values of f at the points. *)
Lemma by_parts : forall q, (length q <= n)%nat -> forall y,
  horner q y = from_values (map (fun t => odd_real q (QR t)) ts) parts y.
Proof.
  intros q Hq y; pose proof points_in as P; unfold growth_fits in fits; do 4 (apply andb_true_iff in fits as [fits _]).
  destruct (nodes_known ts fits) as [_ I]; rewrite (odd_interpolation n ts _ I q y Hq); unfold parts, parts_of.
  set (rows := lagrange (map square ts)) in *; clearbody rows; clear - P l_positive; revert rows.
  induction P as [|t ts Pt P IH]; intros [|r rows]; try reflexivity.
  cbn [map combine from_nodes from_values fst snd]; rewrite IH, qvalue_scale, QR_inv by lra; f_equal.
  unfold ratio_at; rewrite odd_real_value; field; lra.
Qed.

(** ** Bounds *)

Lemma reach_real : forall size ps x, QR (reach size ps x) =
  fold_right (fun p s => QR x * qvalue (map size p) (QR x ^ 2) + s) 0 ps.
Proof.
  intros size ps x; unfold reach; induction ps as [|p ps IH]; cbn [fold_right]; [reflexivity|].
  rewrite QR_red, QR_plus, QR_mult, qhorner_value, QR_square, IH; reflexivity.
Qed.

Lemma nonnegative_parts : forall (size : Q -> Q), (forall c, 0 <= QR (size c)) -> forall p y y', 0 <= y <= y' ->
  0 <= qvalue (map size p) y <= qvalue (map size p) y'.
Proof.
  intros size Hs; unfold qvalue; induction p as [|c p IH]; intros y y' Hy; cbn [map horner]; [lra|].
  destruct (IH y y' Hy) as [A B]; specialize (Hs c); split; [pose proof (Rmult_le_pos y _ (proj1 Hy) A); lra|].
  apply Rplus_le_compat_l, Rmult_le_compat; lra.
Qed.

Lemma absolute_part_real : forall c, QR (absolute_part c) = Rabs (QR c).
Proof.
  intros c; rewrite !QR_quotient; unfold absolute_part; cbn [Qnum Qden]; unfold Rdiv.
  rewrite Rabs_mult, abs_real, Rabs_inv, (Rabs_pos_eq (IZR (Zpos _))) by (apply Rlt_le; auto); reflexivity.
Qed.

Lemma absolute_values : forall p y b, Rabs y <= b -> Rabs (qvalue p y) <= qvalue (map absolute_part p) b.
Proof.
  unfold qvalue; induction p as [|c p IH]; intros y b H; cbn [map horner]; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]; rewrite absolute_part_real, Rabs_mult; apply Rplus_le_compat_l.
  apply Rmult_le_compat; try apply Rabs_pos; [exact H|apply IH, H].
Qed.

Lemma positive_values : forall p y, 0 <= y -> qvalue p y <= qvalue (map positive_part p) y /\ 0 <= qvalue (map positive_part p) y.
Proof.
  unfold qvalue; induction p as [|c p IH]; intros y Hy; cbn [map horner]; [lra|].
  destruct (IH y Hy) as [A B]; destruct (QR_parts c) as [C [D _]].
  pose proof (Rmult_le_compat_l y _ _ Hy A); pose proof (Rmult_le_pos _ _ Hy B); lra.
Qed.

(** Small values at the points give small values near 0. *)
Lemma small_stays : forall q, (length q <= n)%nat -> (forall x, QR l <= x <= 1 -> Rabs (odd_real q x) < QR l) ->
  forall x, Rabs x <= QR l -> Rabs (odd_real q x) <= QR l.
Proof.
  intros q Hq Hsmall x Hx; rewrite odd_real_value, (by_parts q Hq (x ^ 2)).
  assert (R0 : QR (reach absolute_part parts l) <= 1).
  { unfold growth_fits in fits; do 2 (apply andb_true_iff in fits as [fits _]); apply andb_true_iff in fits as [_ H].
    apply QR_le in H; exact H. }
  rewrite reach_real in R0.
  assert (G : forall vs ps, Forall (fun v => Rabs v <= QR l) vs -> Rabs (x * from_values vs ps (x ^ 2)) <=
    QR l * fold_right (fun p s => QR l * qvalue (map absolute_part p) (QR l ^ 2) + s) 0 ps).
  { assert (X2 : Rabs (x ^ 2) <= QR l ^ 2) by (rewrite <- RPow_abs; apply pow_incr; split; [apply Rabs_pos|exact Hx]).
    assert (N : forall p, 0 <= QR l * qvalue (map absolute_part p) (QR l ^ 2)).
    { intros p; apply Rmult_le_pos; [lra|]; eapply Rle_trans; [apply Rabs_pos|apply absolute_values, X2]. }
    intros vs ps Hv; revert ps; induction Hv as [|v vs Hv' Hv IH]; intros ps.
    - replace (x * from_values [] ps (x ^ 2)) with 0 by (destruct ps; simpl; ring); rewrite Rabs_R0; apply Rmult_le_pos; [lra|].
      induction ps as [|p ps IH]; cbn [fold_right]; [lra|]; pose proof (N p); lra.
    - destruct ps as [|p ps]; cbn [from_values fold_right]; [rewrite Rmult_0_r, Rabs_R0; lra|].
      rewrite Rmult_plus_distr_l; eapply Rle_trans; [apply Rabs_triang|]; rewrite (Rmult_plus_distr_l (QR l)).
      apply Rplus_le_compat; [|apply IH].
      replace (x * (v * qvalue p (x ^ 2))) with (v * (x * qvalue p (x ^ 2))) by ring; rewrite !Rabs_mult.
      apply Rmult_le_compat; try apply Rabs_pos; [apply Rmult_le_pos; apply Rabs_pos|exact Hv'|].
      apply Rmult_le_compat; try apply Rabs_pos; [exact Hx|apply absolute_values, X2]. }
  eapply Rle_trans; [apply G|].
  - pose proof points_in as P; rewrite Forall_forall in P |- *; intros v Hv; apply in_map_iff in Hv as [t [<- Ht]].
    apply Rlt_le, Hsmall, P, Ht.
  - apply Rle_trans with (QR l * 1); [apply Rmult_le_compat_l; [lra|exact R0]|lra].
Qed.

(** Values at most V at the points, at an x ≥ 0. *)
Lemma at_most_parts : forall V vs ps x, 0 <= x -> 0 <= V -> Forall (fun v => 0 <= v <= V) vs ->
  x * from_values vs ps (x ^ 2) <= V * fold_right (fun p s => x * qvalue (map positive_part p) (x ^ 2) + s) 0 ps.
Proof.
  intros V vs ps x Hx HV Hv; revert ps; pose proof (pow2_ge_0 x) as X2; induction Hv as [|v vs Hv' Hv IH]; intros ps.
  - replace (x * from_values [] ps (x ^ 2)) with 0 by (destruct ps; simpl; ring); apply Rmult_le_pos; [exact HV|].
    induction ps as [|p ps IH]; cbn [fold_right]; [lra|].
    pose proof (Rmult_le_pos _ _ Hx (proj2 (positive_values p _ X2))); lra.
  - destruct ps as [|p ps]; cbn [from_values fold_right]; [lra|].
    rewrite Rmult_plus_distr_l, (Rmult_plus_distr_l V); apply Rplus_le_compat; [|apply IH].
    destruct (positive_values p _ X2) as [A B].
    replace (x * (v * qvalue p (x ^ 2))) with (x * (v * qvalue p (x ^ 2))) by ring.
    replace (V * (x * qvalue (map positive_part p) (x ^ 2))) with (x * (V * qvalue (map positive_part p) (x ^ 2))) by ring.
    apply Rmult_le_compat_l; [exact Hx|]; apply Rle_trans with (v * qvalue (map positive_part p) (x ^ 2)).
    + apply Rmult_le_compat_l; lra.
    + apply Rmult_le_compat_r; lra.
Qed.

Lemma top_above : 1 + QR E <= QR top.
Proof.
  unfold growth_fits in fits; apply andb_true_iff in fits as [fits _]; apply andb_true_iff in fits as [_ H].
  apply QR_le in H; rewrite QR_plus in H; exact H.
Qed.

(** A map that reaches the top reaches further with each step. *)
Lemma must_grow : forall q, (length q <= n)%nat -> forall X X' x, QR top <= X ->
  (forall z, QR l <= z <= X -> 0 < odd_real q z <= X') -> QR l <= x <= 1 -> QR top <= odd_real q x -> X < X'.
Proof.
  intros q Hq X X' x HX Hz Hx Hfx; pose proof top_above as HB.
  assert (X0 : 0 < X) by lra.
  set (s := x / X); assert (Ex : x = X * s) by (unfold s; field; lra).
  assert (Hs : 0 <= s) by (unfold s; apply Rlt_le, Rdiv_lt_0_compat; lra).
  assert (D : odd_real q x = s * from_values (map (fun t => odd_real (dilate (1 * X) (X ^ 2) q) (QR t)) ts) parts (s ^ 2)).
  { rewrite <- by_parts by (rewrite length_dilate; exact Hq); rewrite <- odd_real_value, odd_real_dilate, Rmult_1_l, <- Ex; reflexivity. }
  assert (P : 0 < odd_real q x <= X') by (apply Hz; lra).
  pose proof (at_most_parts X' (map (fun t => odd_real (dilate (1 * X) (X ^ 2) q) (QR t)) ts) parts s Hs ltac:(lra)) as A.
  rewrite <- D in A.
  assert (R0 : QR (reach positive_part parts (/ top)) < 1).
  { unfold growth_fits in fits; apply andb_true_iff in fits as [_ H]; apply QR_lt in H; exact H. }
  rewrite reach_real, (QR_inv top) in R0 by lra.
  set (c := QR top / X); assert (C0 : 0 < c <= 1).
  { unfold c; split; [apply Rdiv_lt_0_compat; lra|]; apply Rmult_le_reg_r with X; [exact X0|]; unfold Rdiv.
    rewrite Rmult_assoc, Rinv_l by lra; lra. }
  assert (S0 : s <= c * / QR top).
  { unfold s, c; apply Rmult_le_reg_r with X; [exact X0|].
    replace (x / X * X) with x by (field; lra); replace (QR top / X * / QR top * X) with 1 by (field; lra); lra. }
  assert (B0 : 0 < / QR top) by (apply Rinv_0_lt_compat; lra).
  assert (M : fold_right (fun p s' => s * qvalue (map positive_part p) (s ^ 2) + s') 0 parts <=
              c * fold_right (fun p s' => / QR top * qvalue (map positive_part p) ((/ QR top) ^ 2) + s') 0 parts).
  { clear A D R0; induction parts as [|p ps IH]; cbn [fold_right]; [lra|]; rewrite Rmult_plus_distr_l; apply Rplus_le_compat; [|exact IH].
    assert (S1 : s <= / QR top) by (apply Rle_trans with (1 := S0); rewrite <- (Rmult_1_l (/ QR top)) at 2; apply Rmult_le_compat_r; lra).
    destruct (nonnegative_parts positive_part (fun c => proj1 (QR_parts c)) p (s ^ 2) ((/ QR top) ^ 2)) as [N1 N2].
    { split; [apply pow2_ge_0|apply pow_incr; lra]. }
    rewrite <- Rmult_assoc; apply Rmult_le_compat; lra. }
  assert (F : Forall (fun v => 0 <= v <= X') (map (fun t => odd_real (dilate (1 * X) (X ^ 2) q) (QR t)) ts)).
  { pose proof points_in as Pt; rewrite Forall_forall in Pt |- *; intros v Hv; apply in_map_iff in Hv as [t [<- Ht]].
    rewrite odd_real_dilate, Rmult_1_l; specialize (Pt t Ht); destruct (Hz (X * QR t)) as [Z1 Z2]; [|lra].
    split; [|rewrite <- (Rmult_1_r X) at 2; apply Rmult_le_compat_l; lra].
    apply Rle_trans with (1 * QR t); [lra|apply Rmult_le_compat_r; lra]. }
  specialize (A F).
  set (rho := fold_right (fun p s' => / QR top * qvalue (map positive_part p) ((/ QR top) ^ 2) + s') 0 parts) in *.
  assert (L : QR top < X' * c).
  { assert (A1 : QR top <= X' * (c * rho)).
    { apply Rle_trans with (1 := Hfx); apply Rle_trans with (1 := A); apply Rmult_le_compat_l; lra. }
    apply Rle_lt_trans with (1 := A1); apply Rmult_lt_compat_l; [lra|].
    rewrite <- (Rmult_1_r c) at 2; apply Rmult_lt_compat_l; lra. }
  unfold c in L; apply Rmult_lt_compat_r with (r := X) in L; [|exact X0].
  replace (X' * (QR top / X) * X) with (X' * QR top) in L by (field; lra).
  apply Rmult_lt_reg_r with (QR top); lra.
Qed.

(** ** The values at a node *)

Lemma sum_of_bounds : forall B vs ps y, Forall (fun v => 0 < v < B) vs -> length vs = length ps -> 0 <= B ->
  B * QR (sum_of negative_part (values_of ps y)) <= from_values vs ps (QR y) <=
  B * QR (sum_of positive_part (values_of ps y)).
Proof.
  intros B vs ps y Hv Hl HB; revert ps Hl; induction Hv as [|v vs Hv' Hv IH]; intros [|p ps] Hl; try discriminate.
  - unfold sum_of; cbn [values_of map fold_right from_values]; change (QR 0) with 0; lra.
  - cbn [values_of map sum_of fold_right from_values].
    fold (values_of ps y); fold (sum_of negative_part (values_of ps y)); fold (sum_of positive_part (values_of ps y)).
    rewrite <- qhorner_value; set (c := qhorner p y).
    rewrite !QR_red, !QR_plus; destruct (QR_parts c) as [P1 [P2 [P3 P4]]]; specialize (IH ps ltac:(simpl in Hl; lia)).
    assert (v * QR c <= B * QR (positive_part c)).
    { apply Rle_trans with (v * QR (positive_part c)); [apply Rmult_le_compat_l; lra|apply Rmult_le_compat_r; lra]. }
    assert (B * QR (negative_part c) <= v * QR c).
    { apply Rle_trans with (v * QR (negative_part c)); [|apply Rmult_le_compat_l; lra].
      assert ((B - v) * QR (negative_part c) <= 0) by nra; lra. }
    lra.
Qed.

End Growth.
