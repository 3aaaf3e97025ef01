(** * constant-bound: how well one odd polynomial, repeated, can approximate 1

    Suppose that f, T times, stays within E of 1 on [l, 1]. It may be taken to be
    positive there; it stays below some top, as it would grow without end
    otherwise; so its f(x)/x at a few nodes x lie in a box, which holds no such
    map. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia Classical_Prop.
From MuonTheory Require Import Polynomial Schedule Bands Minimax Composition Interpolation Enclosures Iterates.
From MuonTheory Require Import Points Growth Boxes.
Import ListNotations.
Local Open Scope R_scope.

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
  in_box (map (ratio_at q) xs) (map (fun i => (floor_units (fst i), ceiling_units (snd i))) is).
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
  ~ in_box (map (ratio_at q) xs) (map (fun i => (floor_units (fst i), ceiling_units (snd i))) is).
Proof.
  intros multiplier xs is places tree Hn Hl Hm H; unfold box_holds in H.
  set (rows := lagrange (map square xs)) in *; set (d := common (concat rows)) in *.
  set (points := map (point_at rows) places) in *; do 4 (apply andb_true_iff in H as [H ?H]).
  destruct (nodes_known n xs Hn) as [Ln I].
  assert (Lr : length rows = n) by (unfold rows, lagrange; rewrite !map_length; exact Ln).
  assert (Known : tabulated f (map (ratio_at q) xs) l rows d points).
  { apply Z.ltb_lt in H; split; rewrite ?Lr; try assumption; [rewrite map_length; exact Ln| |].
    - intros x; unfold f; rewrite odd_real_value; f_equal; exact (odd_interpolation n xs rows I q (x ^ 2) Hq).
    - unfold points; rewrite map_map; apply map_ext; intros x; reflexivity. }
  set (b := map (fun i => (floor_units (fst i), ceiling_units (snd i))) is) in *.
  assert (Lb : length b = length rows).
  { transitivity n; [|symmetry; exact Lr]; unfold b; rewrite map_length; transitivity (length xs); [exact Hl|exact Ln]. }
  pose proof (walk_sound T l E rows d points multiplier f _ good Known Hm tree [b]
    (Forall_cons _ Lb (Forall_nil _)) H0) as N.
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
