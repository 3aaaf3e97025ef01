(** * constant-bound: how well one odd polynomial, repeated, can approximate 1

    Suppose that f, T times, stays within E of 1 on [l, 1]. It may be taken to be
    positive there; it stays below some B, as it would grow without end
    otherwise; so its f(x)/x at a few nodes x lie in a box, which holds no such
    map. *)

From Coq Require Import Reals ZArith QArith Qreduction List Bool Lra Lia Classical_Prop.
From MuonTheory Require Import Polynomial Schedule Bands Minimax Composition Interpolation Enclosures Iterates Boxes.
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


(** ** The box *)

Definition smaller (a b : Q) : Q := if Qle_bool a b then a else b.
Definition greater (a b : Q) : Q := if Qle_bool a b then b else a.

(** What f(x)/x may be, and what is asked of it, lie in the interval. *)
Definition node_holds (l top : Q) (parts : list (list Q)) (asked : option interval) (x : Q) (i : interval) : bool :=
  let vs := values_of parts (square x) in
  let (least, most) :=
    if Qle_bool l x && Qle_bool x 1 then (0%Q, smaller (top * sum_of positive_part vs) (top / x))
    else (top * sum_of negative_part vs, top * sum_of positive_part vs)%Q in
  let (least, most) := match asked with Some a => (greater least (fst a), smaller most (snd a)) | None => (least, most) end in
  below most least || (Qle_bool (fst i) least && Qle_bool most (snd i)).

Definition asked_at (range slope : option interval) (x : Q) : option interval :=
  if Qeq_bool x 0 then slope else if Qeq_bool x 1 then range else None.

Fixpoint nodes_hold (l top : Q) (parts : list (list Q)) (range slope : option interval) (xs : list Q) (is : list interval) : bool :=
  match xs, is with
  | [], [] => true
  | x :: xs', i :: is' =>
      node_holds l top parts (asked_at range slope x) x i && nodes_hold l top parts range slope xs' is'
  | _, _ => false
  end.

Definition box_holds (n T : nat) (l E : Q) (multiplier : option interval) (xs : list Q) (is : list interval) (places : list Q) (tree : list word) : bool :=
  let rows := lagrange (map square xs) in
  let d := common (concat rows) in
  let points := map (point_at rows) places in
  Z.ltb 0 d && forallb (clears d) rows && forallb (fun r => Nat.eqb (length r) n) rows &&
  forallb (point_fits l rows) points &&
  walk T l E rows d points multiplier tree [map (fun i => (floor_units (fst i), ceiling_units (snd i))) is].

Definition repeated_test (n T : nat) (l E : Q) (range slope multiplier : option interval) (top : Q) (ts xs : list Q)
    (is : list interval) (places : list Q) (tree : list word) : bool :=
  Nat.ltb 0 T && below 0 l && below 0 E && Qle_bool (l + E) 1 &&
  match range with Some i => Qle_bool 0 (fst i) | None => true end &&
  growth_fits n l E top ts && nodes_fit n xs && nodes_hold l top (parts_of ts) range slope xs is &&
  box_holds n T l E multiplier xs is places tree.

Section Box.

Variables (n T : nat) (l E top : Q) (ts : list Q).
Hypothesis fits : growth_fits n l E top ts = true.
Hypothesis l_positive : 0 < QR l.

Variable q : list R.
Hypothesis Hq : (length q <= n)%nat.
Let f := odd_real q.
Hypothesis good : near_one f (QR l) T (QR E).

Lemma small_values : forall x, QR l <= x <= 1 -> 0 < f x < QR top.
Proof.
  apply (below_top good (QR top) (top_above n l E top ts fits)).
  exact (must_grow n l E top ts fits l_positive (proj1 (E_in good)) q Hq).
Qed.

Lemma QR_smaller : forall a b v, v <= QR a -> v <= QR b -> v <= QR (smaller a b).
Proof. intros; unfold smaller; destruct (Qle_bool a b); assumption. Qed.
Lemma QR_greater : forall a b v, QR a <= v -> QR b <= v -> QR (greater a b) <= v.
Proof. intros; unfold greater; destruct (Qle_bool a b); assumption. Qed.

Lemma node_sound : forall asked x i, match asked with Some a => inside a (ratio_at q x) | None => True end ->
  node_holds l top (parts_of ts) asked x i = true -> inside i (ratio_at q x).
Proof.
  intros asked x i Ha H; unfold node_holds in H; set (vs := values_of (parts_of ts) (square x)) in *.
  pose proof (top_above n l E top ts fits) as HB; pose proof (E_in good) as HE.
  assert (V : QR top * QR (sum_of negative_part vs) <= ratio_at q x <= QR top * QR (sum_of positive_part vs)).
  { unfold ratio_at; rewrite (by_parts n l E top ts fits l_positive q Hq), <- QR_square; apply sum_of_bounds; [| |lra].
    - pose proof (points_in n l E top ts fits) as P; rewrite Forall_forall in P |- *; intros v Hv.
      apply in_map_iff in Hv as [t [<- Ht]]; apply small_values, P, Ht.
    - unfold parts_of, lagrange; rewrite !map_length, combine_length, !map_length; lia. }
  set (bounds := if Qle_bool l x && Qle_bool x 1 then _ else _) in H.
  assert (B : QR (fst bounds) <= ratio_at q x <= QR (snd bounds)).
  { unfold bounds; destruct (Qle_bool l x && Qle_bool x 1) eqn:S0; cbn [fst snd]; [|rewrite !QR_mult; exact V].
    apply andb_true_iff in S0 as [S1 S2]; apply QR_le in S1; apply QR_le in S2; change (QR 1) with 1 in S2.
    pose proof (small_values (QR x) ltac:(lra)) as F; unfold f in F; rewrite odd_real_value in F; fold (ratio_at q x) in F.
    change (QR 0) with 0; split.
    - apply Rmult_le_reg_l with (QR x); lra.
    - apply QR_smaller; [rewrite QR_mult; apply V|]; unfold Qdiv; rewrite QR_mult, QR_inv by lra.
      apply Rmult_le_reg_l with (QR x); [lra|]; replace (QR x * (QR top * / QR x)) with (QR top) by (field; lra); lra. }
  destruct bounds as [least most]; cbn [fst snd] in B.
  assert (C : exists least' most', (below most' least' || (Qle_bool (fst i) least' && Qle_bool most' (snd i)) = true) /\
    QR least' <= ratio_at q x <= QR most').
  { destruct asked as [a|]; [|exists least, most; auto]; exists (greater least (fst a)), (smaller most (snd a)); split; [exact H|].
    unfold inside in Ha; split; [apply QR_greater|apply QR_smaller]; lra. }
  destruct C as [least' [most' [H' B']]]; apply orb_true_iff in H' as [H'|H']; [apply QR_lt in H'; lra|].
  apply andb_true_iff in H' as [H1 H2]; apply QR_le in H1; apply QR_le in H2; unfold inside; lra.
Qed.

Lemma nodes_sound : forall range slope xs is,
  match range with Some a => inside a (f 1) | None => True end ->
  match slope with Some a => inside a (horner q 0) | None => True end ->
  nodes_hold l top (parts_of ts) range slope xs is = true ->
  length is = length xs /\
  Forall2 (fun i v => IZR (fst i) <= IZR unit * v <= IZR (snd i))
    (map (fun i => (floor_units (fst i), ceiling_units (snd i))) is) (map (ratio_at q) xs).
Proof.
  intros range slope xs is Hr Hs; revert is; induction xs as [|x xs IH]; intros [|i is] H; try discriminate; [split; [reflexivity|constructor]|].
  cbn [nodes_hold] in H; apply andb_true_iff in H as [Hx H]; destruct (IH is H) as [L F]; split; [simpl; rewrite L; reflexivity|].
  cbn [map]; constructor; [|exact F]; cbn [fst snd].
  assert (A : inside i (ratio_at q x)).
  { apply (node_sound (asked_at range slope x)); [|exact Hx]; unfold asked_at, ratio_at.
    destruct (Qeq_bool x 0) eqn:X0; [apply QR_eq in X0; rewrite X0; replace (QR 0 ^ 2) with 0 by (change (QR 0) with 0; ring); exact Hs|].
    destruct (Qeq_bool x 1) eqn:X1; [|exact I]; apply QR_eq in X1; rewrite X1; change (QR 1) with 1.
    destruct range; [|exact I]; unfold f in Hr; rewrite odd_real_value, Rmult_1_l in Hr; exact Hr. }
  destruct A as [A B]; pose proof (floor_units_real (fst i)); pose proof (ceiling_units_real (snd i)).
  pose proof unit_positive as U; pose proof (Rmult_le_compat_l _ _ _ (Rlt_le _ _ U) A); pose proof (Rmult_le_compat_l _ _ _ (Rlt_le _ _ U) B); lra.
Qed.

(** The tree refutes the box, so f is not in it. *)
Lemma box_sound : forall multiplier xs is places tree, nodes_fit n xs = true -> length is = length xs ->
  match multiplier with Some i => exists t, derivable_pt_lim f 1 t /\ inside i t | None => True end ->
  box_holds n T l E multiplier xs is places tree = true ->
  ~ Forall2 (fun i v => IZR (fst i) <= IZR unit * v <= IZR (snd i))
    (map (fun i => (floor_units (fst i), ceiling_units (snd i))) is) (map (ratio_at q) xs).
Proof.
  intros multiplier xs is places tree Hn Hl Hm H; unfold box_holds in H.
  set (rows := lagrange (map square xs)) in *; set (d := common (concat rows)) in *.
  set (points := map (point_at rows) places) in *; do 4 (apply andb_true_iff in H as [H ?H]).
  destruct (nodes_known n xs Hn) as [Ln I].
  assert (Lr : length rows = n) by (unfold rows, lagrange; rewrite !map_length; exact Ln).
  assert (W := walk_sound T l E rows d points multiplier f (map (ratio_at q) xs) good).
  specialize (W ltac:(rewrite map_length, Lr; exact Ln)).
  assert (G : forall x, f x = x * from_nodes (map (ratio_at q) xs) rows (x ^ 2)).
  { intros x; unfold f; rewrite odd_real_value; f_equal; exact (odd_interpolation n xs rows I q (x ^ 2) Hq). }
  apply Z.ltb_lt in H; specialize (W G Hm H H3); rewrite Lr in W; specialize (W H2 H1).
  assert (Pts : points = map (fun p => point_at rows (at_x p)) points).
  { unfold points; rewrite map_map; apply map_ext; intros x; reflexivity. }
  specialize (W Pts tree [map (fun i => (floor_units (fst i), ceiling_units (snd i))) is]).
  assert (LB : Forall (fun b => length b = n) [map (fun i => (floor_units (fst i), ceiling_units (snd i))) is]).
  { constructor; [|constructor]; rewrite map_length; transitivity (length xs); [exact Hl|exact Ln]. }
  assert (N := W LB H0).
  inversion N as [|? ? N1 _]; subst; exact N1.
Qed.

End Box.

(** ** The bound *)

Lemma odd_real_zero : forall q, odd_real q 0 = 0.
Proof. intros q; rewrite odd_real_value; ring. Qed.

Lemma iter_opposite : forall q k x, Rabs (Nat.iter k (odd_real (opposite q)) x) = Rabs (Nat.iter k (odd_real q) x).
Proof.
  intros q k x.
  assert (G : Nat.iter k (odd_real (opposite q)) x = Nat.iter k (odd_real q) x \/
              Nat.iter k (odd_real (opposite q)) x = - Nat.iter k (odd_real q) x).
  { induction k as [|k IH]; [left; reflexivity|]; cbn [Nat.iter nat_rect]; fold (Nat.iter k (odd_real (opposite q)) x).
    fold (Nat.iter k (odd_real q) x); rewrite odd_real_opposite; destruct IH as [->| ->]; [right; reflexivity|left].
    rewrite odd_real_odd; ring. }
  destruct G as [->| ->]; [reflexivity|apply Rabs_Ropp].
Qed.

(** What may be asked of a derivative. *)
Definition has_slope (f : R -> R) (x : R) (i : interval) : Prop := exists t, derivable_pt_lim f x t /\ inside i t.

(** If a derivative is asked for, then also f(1) ≥ 0. *)
Theorem repeated : forall n T l E range slope multiplier top ts xs is places tree,
  repeated_test n T l E range slope multiplier top ts xs is places tree = true ->
  forall q, (length q <= n)%nat -> (exists x, QR l <= x <= 1 /\ Rabs (odd_real q x) <= 1) ->
  match range with Some i => inside i (Rabs (odd_real q 1)) | None => True end ->
  match slope with Some i => has_slope (odd_real q) 0 i /\ 0 <= odd_real q 1 | None => True end ->
  match multiplier with Some i => has_slope (odd_real q) 1 i /\ 0 <= odd_real q 1 | None => True end ->
  exists x, QR l <= x <= 1 /\ QR E <= Rabs (1 - Nat.iter T (odd_real q) x).
Proof.
  intros n T l E range slope multiplier top ts xs is places tree H q Hq Hone Hrange Hslope Hmult; unfold repeated_test in H.
  do 8 (apply andb_true_iff in H as [H ?H]); rename H0 into Hbox; rename H1 into Hhold; rename H2 into Hnodes; rename H3 into Hgrow.
  rename H4 into Hpos; rename H5 into Hsum; rename H6 into HE; rename H7 into Hl.
  apply Nat.ltb_lt in H; apply QR_lt in Hl; apply QR_lt in HE; change (QR 0) with 0 in *; apply QR_le in Hsum.
  rewrite QR_plus in Hsum; change (QR 1) with 1 in Hsum.
  destruct (classic (exists x, QR l <= x <= 1 /\ QR E <= Rabs (1 - Nat.iter T (odd_real q) x))) as [Y|N]; [exact Y|exfalso].
  assert (Near : forall x, QR l <= x <= 1 -> Rabs (1 - Nat.iter T (odd_real q) x) < QR E).
  { intros x Hx; apply Rnot_le_lt; intros G; apply N; exists x; auto. }
  assert (NZ : forall x, QR l <= x <= 1 -> Nat.iter T (odd_real q) x <> 0).
  { intros x Hx Z; specialize (Near x Hx); rewrite Z, Rminus_0_r, Rabs_R1 in Near; lra. }
  (* some value is at least l *)
  assert (Big : exists x, QR l <= x <= 1 /\ QR l <= Rabs (odd_real q x)).
  { apply NNPP; intros G.
    assert (Small : forall x, QR l <= x <= 1 -> Rabs (odd_real q x) < QR l).
    { intros x Hx; apply Rnot_le_lt; intros A; apply G; exists x; auto. }
    pose proof (small_stays n l E top ts Hgrow Hl q Hq Small) as S0.
    assert (It : forall k, Rabs (Nat.iter (S k) (odd_real q) 1) <= QR l).
    { induction k as [|k IH]; [apply Rlt_le, Small; lra|apply S0, IH]. }
    specialize (Near 1 ltac:(lra)); specialize (It (pred T)); replace (S (pred T)) with T in It by lia.
    apply modulus in It; apply Rabs_def2 in Near; lra. }
  (* f or -f is positive on [l, 1] *)
  assert (NF : forall x, QR l <= x <= 1 -> odd_real q x <> 0).
  { intros x Hx Z; apply (NZ x Hx); replace T with (S (pred T)) by lia; rewrite iter_next, Z.
    clear - q; induction (pred T) as [|k IH]; [reflexivity|]; simpl; rewrite IH; apply odd_real_zero. }
  assert (Sign : forall p, (forall x, odd_real p x = odd_real q x) \/ (forall x, odd_real p x = - odd_real q x) ->
    0 < odd_real p 1 -> forall x, QR l <= x <= 1 -> 0 < odd_real p x).
  { intros p Hp P1 x Hx; destruct (Rlt_le_dec 0 (odd_real p x)) as [Y|L]; [exact Y|exfalso].
    destruct (intermediate_value (odd_real p) x 1 0 (odd_real_continuous p) ltac:(lra)) as [z [Hz Ez]].
    apply (NF z); [unfold Rmin, Rmax in Hz; destruct (Rle_dec x 1); lra|].
    destruct Hp as [Hp|Hp]; rewrite Hp in Ez; lra. }
  assert (W : exists p, (length p <= n)%nat /\ (forall x, Rabs (odd_real p x) = Rabs (odd_real q x)) /\
    (forall x, QR l <= x <= 1 -> 0 < odd_real p x) /\
    (forall x, Rabs (Nat.iter T (odd_real p) x) = Rabs (Nat.iter T (odd_real q) x)) /\
    match slope with Some i => inside i (horner p 0) | None => True end /\
    match multiplier with Some i => exists t, derivable_pt_lim (odd_real p) 1 t /\ inside i t | None => True end).
  { destruct (Rlt_le_dec 0 (odd_real q 1)) as [P1|N1].
    - exists q; split; [exact Hq|split; [reflexivity|split; [apply (Sign q); auto|split; [reflexivity|]]]].
      split; [|destruct multiplier; [exact (proj1 Hmult)|exact I]].
      destruct slope; [|exact I]; destruct Hslope as [[t [Ht It]] _].
      rewrite <- slope_at_zero; rewrite (uniqueness_limite _ _ _ _ (odd_slope q 0) Ht); exact It.
    - exists (opposite q); split; [unfold opposite; rewrite length_dilate; exact Hq|].
      split; [intros x; rewrite odd_real_opposite; apply Rabs_Ropp|]; split; [|split; [intros x; apply iter_opposite|split]].
      + apply (Sign (opposite q)); [right; intros x; apply odd_real_opposite|].
        rewrite odd_real_opposite; pose proof (NF 1 ltac:(lra)); lra.
      + destruct slope; [|exact I]; exfalso; apply (NF 1); lra.
      + destruct multiplier; [|exact I]; exfalso; apply (NF 1); lra. }
  destruct W as [p [Hp [Abs [Pos [It [Slope Mult]]]]]].
  assert (Lasts : lasting (odd_real p) (QR l) T).
  { split; [apply odd_real_continuous|apply odd_real_zero|lra|exact H| |].
    - intros x Hx Z; apply (NZ x Hx); specialize (It x); rewrite Z, Rabs_R0 in It.
      destruct (Req_dec (Nat.iter T (odd_real q) x) 0) as [e|ne]; [exact e|]; apply Rabs_no_R0 in ne; lra.
    - destruct Hone as [a [Ha A1]], Big as [b [Hb B1]]; rewrite <- Abs in A1, B1.
      rewrite Rabs_pos_eq in A1, B1 by (apply Rlt_le, Pos; assumption).
      destruct (Rle_dec (odd_real p b) 1) as [L|G]; [exists b; lra|].
      destruct (intermediate_value (odd_real p) a b 1 (odd_real_continuous p) ltac:(lra)) as [x [Hx Ex]].
      exists x; rewrite Ex; split; [unfold Rmin, Rmax in Hx; destruct (Rle_dec a b); lra|lra]. }
  assert (good : near_one (odd_real p) (QR l) T (QR E)).
  { split; [exact Lasts|lra|]; intros x Hx; specialize (Near x Hx).
    assert (P1 : 0 < Nat.iter T (odd_real p) x).
    { apply (by_positive Lasts T); [apply le_n|]; apply (values_all _ _ T T); [apply le_n|]; apply values_iter; exists x; auto. }
    assert (P2 : 0 < Nat.iter T (odd_real q) x) by (apply Rabs_def2 in Near; lra).
    specialize (It x); rewrite !Rabs_pos_eq in It by lra; rewrite It; exact Near. }
  assert (E1 : Rabs (odd_real q 1) = odd_real p 1) by (rewrite <- Abs; apply Rabs_pos_eq, Rlt_le, Pos; lra).
  rewrite E1 in Hrange.
  destruct (nodes_sound n T l E top ts Hgrow Hl p Hp good range slope xs is Hrange Slope Hhold) as [L F].
  eapply (box_sound n T l E); eassumption.
Qed.
