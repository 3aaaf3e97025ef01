(** * constant-bound: the tree of boxes

    A box of maps is cut in halves along its axes; each part is refuted, or has
    no map whose f'(1) is what is asked. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Schedule Minimax Interpolation Enclosures Iterates Points Refuted.
Import ListNotations.
Local Open Scope R_scope.

(** A box is cut, has no f'(1) that is asked for, or is refuted. *)
Inductive word := Halve (axis : nat) | Elsewhere | Leaf (chain : list (nat * nat)) (last : refutation).

Section Boxes.

(** T steps, from [l, 1], for an error E; the rows of the nodes' polynomials with their denominator. *)
Variables (T : nat) (l E : Q) (rows : list (list Q)) (d : Z).
Variable points : list point.
(** What is asked of f'(1). *)
Variable multiplier : option interval.

Let n := length rows.

(** f'(1) = Σ w_i L_i'(1), where L_i' is the derivative of x L_i(x²), is not what is asked. *)
Fixpoint odd_sum (k : Z) (p : list Z) : Z := match p with [] => 0%Z | a :: p' => (k * a + odd_sum (k + 2) p')%Z end.

Definition elsewhere (b : box) : bool :=
  let (low, high) := value_between (map middle b) (map (fun i => (snd i - middle i)%Z) b)
                       (map (fun r => odd_sum 1 (cleared d r)) rows) d in
  match multiplier with
  | Some (lo, hi) => below (high # 1) (lo * (unit # 1)) || below (hi * (unit # 1)) (low # 1)
  | None => false
  end.

Fixpoint halved (lower : bool) (axis : nat) (b : box) : option box :=
  match b, axis with
  | i :: rest, O => Some ((if lower then (fst i, middle i) else (middle i, snd i)) :: rest)
  | i :: rest, S axis' => option_map (cons i) (halved lower axis' rest)
  | [], _ => None
  end.

(** The tree in preorder, with the boxes that are open. *)
Fixpoint walk (tree : list word) (open : list box) : bool :=
  match tree, open with
  | [], [] => true
  | Halve axis :: rest, b :: more =>
      match halved true axis b, halved false axis b with
      | Some low, Some high => walk rest (low :: high :: more)
      | _, _ => false
      end
  | Elsewhere :: rest, b :: more => elsewhere b && walk rest more
  | Leaf chain last :: rest, b :: more => refuted T l E rows d points b chain last && walk rest more
  | _, _ => false
  end.

(** ** Soundness *)

Variable f : R -> R.
Variable w : list R.
Hypothesis good : near_one f (QR l) T (QR E).
Hypothesis known : tabulated f w l rows d points.
Hypothesis turns : match multiplier with Some i => exists t, derivable_pt_lim f 1 t /\ inside i t | None => True end.

(** f'(1) of a member. *)
Lemma turn_value : forall t, derivable_pt_lim f 1 t ->
  IZR unit * t * IZR d = wdot (map (Rmult (IZR unit)) w) (map (fun r => odd_sum 1 (cleared d r)) rows).
Proof.
  assert (S1 : forall r k, clears d r = true -> IZR (odd_sum (Z.of_nat k) (cleared d r)) = IZR d * slope_sum k (map QR r) 1).
  { induction r as [|c r IH]; intros k H; cbn [cleared map odd_sum slope_sum]; [ring|].
    cbn [clears forallb] in H; apply andb_true_iff in H as [Hc H]; fold (cleared d r).
    replace (Z.of_nat k + 2)%Z with (Z.of_nat (S (S k))) by lia; rewrite plus_IZR, mult_IZR, (IH _ H), (cleared_real _ _ Hc).
    rewrite <- INR_IZR_INZ, pow1; ring. }
  assert (G : forall vs rs, forallb (clears d) rs = true -> exists t,
    derivable_pt_lim (fun x => x * from_nodes vs rs (x ^ 2)) 1 t /\
    IZR unit * t * IZR d = wdot (map (Rmult (IZR unit)) vs) (map (fun r => odd_sum 1 (cleared d r)) rs)).
  { induction vs as [|v vs IH]; intros [|r rs] H.
    1-3: exists 0; split; [|simpl; ring]; apply (derivable_pt_lim_ext (fct_cte 0));
      [intros x; unfold fct_cte; simpl; ring|apply derivable_pt_lim_const].
    cbn [forallb] in H; apply andb_true_iff in H as [Hr H]; destruct (IH rs H) as [t [Ht Et]].
    exists (v * slope_sum 1 (map QR r) 1 + t); split.
    - apply (derivable_pt_lim_ext (plus_fct (mult_real_fct v (odd_real (map QR r))) (fun x => x * from_nodes vs rs (x ^ 2)))).
      + intros x; unfold plus_fct, mult_real_fct; cbn [from_nodes]; rewrite odd_real_value; unfold qvalue; ring.
      + apply derivable_pt_lim_plus; [apply derivable_pt_lim_scal, odd_slope|exact Ht].
    - cbn [map wdot]; rewrite <- Et; pose proof (S1 r 1%nat Hr) as S2; change (Z.of_nat 1) with 1%Z in S2; rewrite S2; ring. }
  intros t Ht; destruct (G w rows (clear_rows known)) as [t' [Ht' Et]]; rewrite <- Et.
  assert (E0 : t = t'); [|rewrite E0; reflexivity].
  apply (uniqueness_limite f 1 t t' Ht); apply (derivable_pt_lim_ext (fun x => x * from_nodes w rows (x ^ 2)));
    [intros x; symmetry; apply (given known)|exact Ht'].
Qed.

Lemma elsewhere_sound : forall b, elsewhere b = true -> length b = n -> in_box w b -> False.
Proof.
  intros b H Hb Hin; destruct (box_units w b Hin) as [u [Hu [HW [Hl Hp]]]]; unfold elsewhere in H.
  set (m := map middle b) in *; set (r := map (fun i => (snd i - middle i)%Z) b) in *.
  set (a := map (fun r => odd_sum 1 (cleared d r)) rows) in *.
  assert (Hr : length r = length m) by (unfold m, r; rewrite !map_length; reflexivity).
  assert (Hlu : length u = length m) by (rewrite Hl; unfold m; rewrite map_length; reflexivity).
  pose proof (fun v => value_between_sound m r u a d (positive_d known) Hu Hr Hlu Hp v) as B.
  destruct (value_between m r a d) as [low high]; cbn [fst snd] in B.
  destruct multiplier as [[lo hi]|]; [|discriminate]; destruct turns as [t [Ht It]].
  pose proof (turn_value t Ht) as V; rewrite HW in V; specialize (B _ V); unfold inside in It; cbn [fst snd] in It.
  assert (Q1 : forall z : Z, QR (z # 1) = IZR z) by reflexivity; pose proof unit_positive as U.
  apply orb_true_iff in H as [H|H]; apply QR_lt in H; rewrite QR_mult, !Q1 in H;
    pose proof (Rmult_le_compat_l _ _ _ (Rlt_le _ _ U) (proj1 It)); pose proof (Rmult_le_compat_l _ _ _ (Rlt_le _ _ U) (proj2 It)); lra.
Qed.

Lemma halved_sound : forall axis b low high, halved true axis b = Some low -> halved false axis b = Some high ->
  length low = length b /\ length high = length b /\ (in_box w b -> in_box w low \/ in_box w high).
Proof.
  assert (G : forall vs axis b low high, halved true axis b = Some low -> halved false axis b = Some high ->
    let holds := in_box vs in
    length low = length b /\ length high = length b /\ (holds b -> holds low \/ holds high)).
  { intros vs axis b; revert vs axis; induction b as [|i b IH]; intros vs [|axis] low high H1 H2; try discriminate; cbn [halved] in *.
    - injection H1 as <-; injection H2 as <-; cbn [length]; repeat split; auto.
      intros H; inversion H as [|? v ? vs' Hv H']; subst; cbn [fst snd].
      destruct (Rle_lt_dec (IZR unit * v) (IZR (middle i))); [left|right]; constructor; cbn [fst snd]; try assumption; lra.
    - destruct (halved true axis b) as [low'|] eqn:E1; [|discriminate]; destruct (halved false axis b) as [high'|] eqn:E2; [|discriminate].
      injection H1 as <-; injection H2 as <-; cbn [length].
      destruct (IH (tl vs) axis low' high' E1 E2) as [L1 [L2 K]]; repeat split; try congruence.
      intros H; inversion H as [|? v ? vs' Hv H']; subst; cbn [tl] in K.
      destruct (K H') as [K'|K']; [left|right]; constructor; assumption. }
  intros axis b low high; exact (G w axis b low high).
Qed.

(** No box holds w, if the tree refutes them. *)
Theorem walk_sound : forall tree open, Forall (fun b => length b = n) open -> walk tree open = true -> Forall (fun b => ~ in_box w b) open.
Proof.
  induction tree as [|[axis| |chain last] tree IH]; intros [|b open] Hn H; try discriminate; [constructor| | |]; cbn [walk] in H;
    inversion Hn as [|? ? Hb Hn']; subst.
  - destruct (halved true axis b) as [low|] eqn:E1; [|discriminate]; destruct (halved false axis b) as [high|] eqn:E2; [|discriminate].
    destruct (halved_sound axis b low high E1 E2) as [L1 [L2 K]].
    assert (G : Forall (fun b => ~ in_box w b) (low :: high :: open)).
    { apply IH; [|exact H]; repeat constructor; try congruence; assumption. }
    inversion G as [|? ? G1 G']; inversion G' as [|? ? G2 G'']; subst; constructor; [|exact G''].
    intros Hin; destruct (K Hin); contradiction.
  - apply andb_true_iff in H as [H1 H2]; constructor; [exact (elsewhere_sound b H1 Hb)|exact (IH open Hn' H2)].
  - apply andb_true_iff in H as [H1 H2]; constructor; [exact (refuted_sound T l E rows d points f w good known b chain last Hb H1)|exact (IH open Hn' H2)].
Qed.

End Boxes.
