(** * constant-bound: boxes of maps, and what refutes them

    A map f of so many coefficients is given by the w_i = f(x_i)/x_i at nodes
    x_i. A box of such w is cut in halves along the axes, and each part is
    refuted at points of [l, 1] or of what f is known to reach: by a sign, by a
    value that f may not take, or by its iterates. Numbers of boxes are integers
    over 2^48. *)

From Coq Require Import Reals ZArith QArith Qreduction List Bool Lra Lia.
From MuonTheory Require Import Polynomial Schedule Minimax Interpolation Enclosures Iterates.
Import ListNotations.
Local Open Scope R_scope.

Definition unit : Z := Eval compute in (2 ^ 48)%Z.
Definition floor_units (x : Q) : Z := (Qnum x * unit / Zpos (Qden x))%Z.
Definition ceiling_units (x : Q) : Z := ceiling (Qnum x * unit) (Zpos (Qden x)).

Lemma unit_positive : 0 < IZR unit.
Proof. apply IZR_lt; reflexivity. Qed.

Lemma floor_units_real : forall x, IZR (floor_units x) <= IZR unit * QR x.
Proof.
  intros x; pose proof (floor_real (Qnum x * unit) (Zpos (Qden x)) eq_refl) as [F _].
  apply Rmult_le_reg_r with (IZR (Zpos (Qden x))); [auto|]; rewrite mult_IZR in F.
  eapply Rle_trans; [exact F|]; rewrite QR_quotient; right; field; auto.
Qed.
Lemma ceiling_units_real : forall x, IZR unit * QR x <= IZR (ceiling_units x).
Proof.
  intros x; pose proof (ceiling_real (Qnum x * unit) (Zpos (Qden x)) eq_refl) as F.
  apply Rmult_le_reg_r with (IZR (Zpos (Qden x))); [auto|]; rewrite mult_IZR in F.
  eapply Rle_trans; [|exact F]; rewrite QR_quotient; right; field; auto.
Qed.

(** ** Rational numbers over a common denominator *)

Definition common (cs : list Q) : Z := fold_right (fun c d => Z.lcm (Zpos (Qden c)) d) 1%Z cs.
Definition cleared (d : Z) (cs : list Q) : list Z := map (fun c => (Qnum c * (d / Zpos (Qden c)))%Z) cs.
Definition clears (d : Z) (cs : list Q) : bool := forallb (fun c => Z.eqb (d / Zpos (Qden c) * Zpos (Qden c)) d) cs.

Lemma cleared_real : forall d c, Z.eqb (d / Zpos (Qden c) * Zpos (Qden c)) d = true ->
  IZR (Qnum c * (d / Zpos (Qden c))) = IZR d * QR c.
Proof.
  intros d c H; apply Z.eqb_eq in H; rewrite mult_IZR, QR_quotient; rewrite <- H at 2; rewrite mult_IZR; field; auto.
Qed.

Lemma cleared_value : forall d cs y, clears d cs = true -> value (cleared d cs) y = IZR d * qvalue cs y.
Proof.
  intros d cs y; unfold qvalue; induction cs as [|c cs IH]; intros H; cbn [cleared map value horner]; [ring|].
  cbn [clears forallb] in H; apply andb_true_iff in H as [Hc H]; fold (cleared d cs).
  rewrite IH by exact H; rewrite (cleared_real d c Hc); ring.
Qed.

(** ** Points *)

Record point := Point { at_x : Q; down : Z; up : Z; factors : list Z; over : Z }.

(** f(x) = Σ w_i x L_i(x²), with the x L_i(x²) as integers over a denominator. *)
Definition weights (rows : list (list Q)) (x : Q) : list Q := map (fun r => Qred (x * qhorner r (square x))) rows.
Definition point_at (rows : list (list Q)) (x : Q) : point :=
  let ws := weights rows x in
  let d := common ws in Point x (floor_units x) (ceiling_units x) (cleared d ws) d.

Definition short (x : Q) : bool := Z.ltb (Qnum x) unit && Z.ltb (Zpos (Qden x)) unit.

Definition point_fits (l : Q) (rows : list (list Q)) (p : point) : bool :=
  Qle_bool l (at_x p) && short (at_x p) && Z.ltb 0 (over p) && clears (over p) (weights rows (at_x p)).

(** The polynomials g_i in X = 2^48 x: 2^48 f(x) = Σ w_i g_i(X) / den, w over 2^48. *)
Fixpoint powered (p : list Z) : list Z :=
  match p with [] => [] | c :: p' => (c * (unit ^ 2) ^ Z.of_nat (length p'))%Z :: powered p' end.
Definition scaled (d : Z) (row : list Q) : poly := odd (powered (cleared d row)).

Lemma powered_value : forall p y,
  value (powered p) y * IZR unit ^ 2 = (IZR unit ^ 2) ^ length p * value p (y / IZR unit ^ 2).
Proof.
  pose proof unit_positive as U; induction p as [|c p IH]; intros y; cbn [powered value length]; [simpl; ring|].
  assert (P : IZR ((unit ^ 2) ^ Z.of_nat (length p)) = (IZR unit ^ 2) ^ length p).
  { rewrite <- pow_IZR; f_equal; change 2%Z with (Z.of_nat 2); rewrite <- pow_IZR; reflexivity. }
  rewrite Rmult_plus_distr_r, Rmult_assoc, IH, mult_IZR, P; clear IH P.
  set (v := value p (y / IZR unit ^ 2)); clearbody v; set (s := IZR unit) in *; clearbody s.
  change ((s ^ 2) ^ S (length p)) with (s ^ 2 * (s ^ 2) ^ length p); set (t := (s ^ 2) ^ length p); clearbody t; field; lra.
Qed.

(** One step first, or last. *)
Lemma iter_next : forall (f : R -> R) k x, Nat.iter (S k) f x = Nat.iter k f (f x).
Proof. intros f k x; induction k as [|k IH]; [reflexivity|]; simpl in *; rewrite IH; reflexivity. Qed.

Fixpoint from_values (vs : list R) (parts : list (list Q)) (y : R) : R :=
  match vs, parts with v :: vs', p :: parts' => v * qvalue p y + from_values vs' parts' y | _, _ => 0 end.

Section Refute.

(** T steps, from [l, 1], for an error E; the rows of the nodes' polynomials with their denominator. *)
Variables (T : nat) (l E : Q) (rows : list (list Q)) (d : Z).
Variable points : list point.
(** What is asked of f'(1). *)
Variable multiplier : option interval.

Let n := length rows.
Let gs := map (scaled d) rows.
Let den := (d * unit ^ Z.of_nat (2 * n - 1))%Z.

Definition box := list (Z * Z).
Definition middle (i : Z * Z) : Z := ((fst i + snd i) / 2)%Z.

Definition place_in (p : point) (i : Z * Z) : bool := Z.leb (fst i) (down p) && Z.leb (up p) (snd i).

(** The inner intervals of J_0, J_1, ..., by two points a step. *)
Fixpoint reached (m r : list Z) (chain : list (nat * nat)) (i : Z * Z) : option (list (Z * Z)) :=
  match chain with
  | [] => Some [i]
  | (u, v) :: rest =>
      match nth_error points u, nth_error points v with
      | Some pu, Some pv =>
          if place_in pu i && place_in pv i
          then option_map (cons i) (reached m r rest
                 (snd (value_between m r (factors pu) (over pu)), fst (value_between m r (factors pv) (over pv))))
          else None
      | _, _ => None
      end
  end.

Definition largest : Z := Eval compute in (2 ^ 78)%Z.

Fixpoint iterated (whole : poly) (r : list Z) (steps : nat) (k : model) : option model :=
  match steps with
  | O => Some k
  | S steps' =>
      if Z.ltb (Z.abs (centre k) + (total (slopes k) + slack k)) largest
      then iterated whole r steps' (next_model whole gs r den k) else None
  end.

Fixpoint sum_lists (a b : list Z) : list Z := match a, b with x :: a', y :: b' => (x + y)%Z :: sum_lists a' b' | _, _ => [] end.

(** Σ λ (f^(T-k)(z) - 1) as a model, with Σ |λ|. *)
Fixpoint terms_sum (whole : poly) (r : list Z) (js : list (Z * Z)) (terms : list (nat * nat * Z)) : option (model * Z) :=
  match terms with
  | [] => Some (Model 0 (repeat 0%Z n) 0, 0%Z)
  | (k, z, a) :: rest =>
      match nth_error js k, nth_error points z with
      | Some j, Some p =>
          if place_in p j then
            match iterated whole r (T - k) (Model (down p) (repeat 0%Z n) (up p - down p)), terms_sum whole r js rest with
            | Some one, Some (sum, weight) =>
                Some (Model (a * (centre one - unit) + centre sum) (sum_lists (map (Z.mul a) (slopes one)) (slopes sum))
                        (Z.abs a * slack one + slack sum), (Z.abs a + weight)%Z)
            | _, _ => None
            end
          else None
      | _, _ => None
      end
  end.

Inductive refutation := Sign (z : nat) | Terms (terms : list (nat * nat * Z)).
Inductive word := Halve (axis : nat) | Elsewhere | Leaf (chain : list (nat * nat)) (last : refutation).

Definition refuted (b : box) (chain : list (nat * nat)) (last : refutation) : bool :=
  let m := map middle b in
  let r := map (fun i => (snd i - middle i)%Z) b in
  Nat.ltb (length chain) T &&
  match reached m r chain (floor_units l, unit) with
  | None => false
  | Some js =>
      match last with
      | Sign z =>
          match nth_error points z with
          | Some p =>
              let (low, high) := value_between m r (factors p) (over p) in
              existsb (fun j => Z.leb (up p) (snd j)) js &&
              (Z.leb high 0 || (Qle_bool (1 + E) (at_x p) && Z.leb (up p) low) ||
               (Qle_bool (at_x p) (1 - E) && Z.leb high (down p)))
          | None => false
          end
      | Terms terms =>
          match terms_sum (combined m gs) r js terms with
          | Some (sum, weight) =>
              Z.ltb 0 weight &&
              Z.leb (weight * ceiling_units E) (Z.abs (centre sum) - total (slopes sum) - slack sum)
          | None => false
          end
      end
  end.

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
  | Leaf chain last :: rest, b :: more => refuted b chain last && walk rest more
  | _, _ => false
  end.

(** ** Soundness *)

Variable f : R -> R.
Variable w : list R.
Hypothesis good : near_one f (QR l) T (QR E).
Hypothesis as_many : length w = n.
Hypothesis given : forall x, f x = x * from_nodes w rows (x ^ 2).
Hypothesis turns : match multiplier with Some i => exists t, derivable_pt_lim f 1 t /\ inside i t | None => True end.
Hypothesis positive_d : (0 < d)%Z.
Hypothesis clear : forallb (clears d) rows = true.
Hypothesis same_length : forallb (fun r => Nat.eqb (length r) n) rows = true.
Hypothesis points_fit : forallb (point_fits l rows) points = true.
Hypothesis points_are : points = map (fun p => point_at rows (at_x p)) points.

Definition in_box (b : box) : Prop := Forall2 (fun i v => IZR (fst i) <= IZR unit * v <= IZR (snd i)) b w.

Let W := map (Rmult (IZR unit)) w.

Lemma weights_value : forall x vs rs, Forall (fun r => True) rs ->
  forall e, clears e (weights rs x) = true ->
  wdot (map (Rmult (IZR unit)) vs) (cleared e (weights rs x)) =
  IZR unit * (QR x * from_nodes vs rs (QR x ^ 2)) * IZR e.
Proof.
  intros x vs rs _ e; revert vs; induction rs as [|r rs IH]; intros [|v vs] H; try (simpl; ring).
  cbn [weights map cleared clears forallb] in H; apply andb_true_iff in H as [Hc H].
  cbn [weights map cleared wdot from_nodes]; fold (weights rs x); fold (cleared e (weights rs x)).
  rewrite (IH vs H), (cleared_real _ _ Hc), QR_red, QR_mult, qhorner_value, QR_square; ring.
Qed.

(** What is known of a point. *)
Lemma point_known : forall i p, nth_error points i = Some p ->
  QR l <= QR (at_x p) /\ IZR (down p) <= IZR unit * QR (at_x p) <= IZR (up p) /\ (0 < over p)%Z /\
  IZR unit * f (QR (at_x p)) * IZR (over p) = wdot W (factors p).
Proof.
  intros i p H; pose proof (nth_error_In _ _ H) as I.
  assert (P : p = point_at rows (at_x p)).
  { rewrite points_are in H; rewrite nth_error_map in H; destruct (nth_error points i) as [p'|] eqn:N; [|discriminate].
    injection H as H; rewrite <- H at 1; rewrite <- H; cbn [point_at at_x]; reflexivity. }
  rewrite forallb_forall in points_fit; specialize (points_fit p I); unfold point_fits in points_fit.
  repeat (apply andb_true_iff in points_fit as [points_fit ?H]).
  apply QR_le in points_fit; apply Z.ltb_lt in H1; split; [exact points_fit|].
  rewrite P in *; cbn [point_at at_x down up factors over] in *.
  split; [split; [apply floor_units_real|apply ceiling_units_real]|]; split; [exact H1|].
  unfold W; rewrite (weights_value (at_x p) w rows) by (try exact H0; apply Forall_forall; auto).
  rewrite given; reflexivity.
Qed.

Lemma scaled_value : forall r X, length r = n -> clears d r = true ->
  value (scaled d r) X * IZR unit = X * IZR den * qvalue r ((X / IZR unit) ^ 2).
Proof.
  intros r X Hr Hc; pose proof unit_positive as U; unfold scaled; rewrite value_odd.
  pose proof (powered_value (cleared d r) (X ^ 2)) as P.
  rewrite (cleared_value d r _ Hc) in P; unfold cleared in P at 2; rewrite map_length, Hr in P.
  replace (X ^ 2 / IZR unit ^ 2) with ((X / IZR unit) ^ 2) in P by (field; lra).
  unfold den; rewrite mult_IZR, <- pow_IZR.
  destruct n as [|k] eqn:N; [destruct r; [|discriminate]; unfold qvalue; simpl; ring|].
  replace (2 * S k - 1)%nat with (2 * k + 1)%nat by lia.
  rewrite <- pow_mult in P; replace (2 * S k)%nat with (2 + 2 * k)%nat in P by lia; rewrite pow_add in P.
  rewrite pow_add, pow_1; apply Rmult_eq_reg_r with (IZR unit); [|lra].
  transitivity (X * (value (powered (cleared d r)) (X ^ 2) * IZR unit ^ 2)); [ring|]; rewrite P; ring.
Qed.

Lemma map_value : forall X, IZR unit * f (X / IZR unit) * IZR den = rcombined W gs X.
Proof.
  intros X; rewrite given; unfold W, gs; clear points_are points_fit given.
  pose proof unit_positive as U; set (y := (X / IZR unit) ^ 2).
  assert (G : forall vs rs, forallb (clears d) rs = true -> forallb (fun r => Nat.eqb (length r) n) rs = true ->
    X * from_nodes vs rs y * IZR den = rcombined (map (Rmult (IZR unit)) vs) (map (scaled d) rs) X).
  { induction vs as [|v vs IH]; intros [|r rs] Hc Hn; try (simpl; ring).
    cbn [forallb] in Hc, Hn; apply andb_true_iff in Hc as [Hc1 Hc]; apply andb_true_iff in Hn as [Hn1 Hn].
    apply Nat.eqb_eq in Hn1; cbn [map from_nodes rcombined]; rewrite <- (IH rs Hc Hn).
    pose proof (scaled_value r X Hn1 Hc1) as S; fold y in S.
    replace (IZR unit * v * value (scaled d r) X) with (v * (value (scaled d r) X * IZR unit)) by ring; rewrite S; ring. }
  rewrite <- (G w rows clear same_length); field; lra.
Qed.

(** A member of a box, about its middle. *)
Lemma box_units : forall b, in_box b -> exists u, units u /\ W = member (map middle b) (map (fun i => (snd i - middle i)%Z) b) u /\
  length u = length b /\ Forall (fun z => (0 <= z)%Z) (map (fun i => (snd i - middle i)%Z) b).
Proof.
  clear given as_many; unfold in_box, W; intros b H; induction H as [|[lo hi] v b vs Hv H IH].
  - exists []; repeat split; constructor.
  - destruct IH as [u [Hu [E0 [Hl Hp]]]]; cbn [fst snd] in Hv.
    assert (M : (lo <= hi)%Z) by (apply le_IZR; lra).
    pose proof (Z.div_mod (lo + hi) 2 ltac:(lia)) as D; pose proof (Z.mod_pos_bound (lo + hi) 2 ltac:(lia)) as B.
    assert (R0 : (0 <= hi - middle (lo, hi))%Z) by (unfold middle; cbn [fst snd]; lia).
    assert (R1 : (middle (lo, hi) - lo <= hi - middle (lo, hi))%Z) by (unfold middle; cbn [fst snd]; lia).
    apply IZR_le in R1; rewrite !minus_IZR in R1.
    assert (X : exists t, Rabs t <= 1 /\ IZR unit * v = IZR (middle (lo, hi)) + IZR (hi - middle (lo, hi)) * t).
    { destruct (Z.eq_dec (hi - middle (lo, hi)) 0) as [Z|N].
      - exists 0; rewrite Rabs_R0; split; [lra|]; rewrite Z.
        apply (f_equal IZR) in Z; rewrite minus_IZR in Z; lra.
      - assert (P : (0 < hi - middle (lo, hi))%Z) by lia; apply IZR_lt in P.
        exists ((IZR unit * v - IZR (middle (lo, hi))) / IZR (hi - middle (lo, hi))); split; [|field; lra].
        unfold Rdiv; rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (IZR (hi - _))) by lra.
        apply Rmult_le_reg_r with (IZR (hi - middle (lo, hi))); [lra|].
        rewrite Rmult_assoc, Rinv_l, Rmult_1_r, Rmult_1_l by lra; rewrite minus_IZR; apply Rabs_le; lra. }
    destruct X as [t [Ht Ev]]; exists (t :: u); repeat split.
    + constructor; assumption.
    + cbn [map member fst snd]; rewrite Ev, E0; reflexivity.
    + simpl; rewrite Hl; reflexivity.
    + constructor; assumption.
Qed.

Section Member.

Variables (m r : list Z) (u : list R).
Hypothesis Hu : units u.
Hypothesis HW : W = member m r u.
Hypothesis Hm : length m = n.
Hypothesis Hr : length r = length m.
Hypothesis Hl : length u = length m.
Hypothesis Hp : Forall (fun z => (0 <= z)%Z) r.

Lemma value_known : forall i p, nth_error points i = Some p ->
  IZR (fst (value_between m r (factors p) (over p))) <= IZR unit * f (QR (at_x p)) <=
  IZR (snd (value_between m r (factors p) (over p))).
Proof.
  intros i p H; destruct (point_known i p H) as [_ [_ [Ho Hv]]]; rewrite HW in Hv.
  exact (value_between_sound m r u (factors p) (over p) Ho Hu Hr Hl Hp _ Hv).
Qed.

(** Points of the interval are values of f, so many times; points left of its end are values of fewer times too. *)
Definition reaches (k : nat) (j : Z * Z) : Prop :=
  (forall i p, nth_error points i = Some p -> place_in p j = true -> values_at f (QR l) k (QR (at_x p))) /\
  (forall i p, nth_error points i = Some p -> Z.leb (up p) (snd j) = true -> values_by f (QR l) k (QR (at_x p))).

Lemma unit_le : forall x y, IZR unit * x <= IZR unit * y -> x <= y.
Proof. intros x y H; apply Rmult_le_reg_l with (IZR unit); [apply unit_positive|exact H]. Qed.

Lemma start_reaches : reaches 0 (floor_units l, unit).
Proof.
  assert (G : forall i p, nth_error points i = Some p -> Z.leb (up p) unit = true -> QR l <= QR (at_x p) <= 1).
  { intros i p H L; destruct (point_known i p H) as [H1 [[_ H2] _]]; apply Z.leb_le, IZR_le in L.
    split; [exact H1|apply unit_le; lra]. }
  split; intros i p H L; cbn [values_at values_by].
  - apply andb_true_iff in L as [_ L]; exact (G i p H L).
  - exact (G i p H L).
Qed.

Lemma reached_sound : forall chain k i js, reached m r chain i = Some js -> reaches k i ->
  length js = S (length chain) /\ forall e j, nth_error js e = Some j -> reaches (k + e) j.
Proof.
  induction chain as [|[a b] chain IH]; intros k i js H Hi; cbn [reached] in H.
  - injection H as <-; split; [reflexivity|]; intros [|[|e]] j He; try discriminate.
    injection He as <-; rewrite Nat.add_0_r; exact Hi.
  - destruct (nth_error points a) as [pu|] eqn:Na; [|discriminate]; destruct (nth_error points b) as [pv|] eqn:Nb; [|discriminate].
    destruct (place_in pu i && place_in pv i) eqn:P; [|discriminate]; apply andb_true_iff in P as [Pu Pv].
    match type of H with option_map _ (reached _ _ _ ?next) = _ => set (i' := next) in * end.
    destruct (reached m r chain i') as [js'|] eqn:R0; [|discriminate]; injection H as <-.
    apply (proj1 Hi a pu Na) in Pu; apply (proj1 Hi b pv Nb) in Pv.
    assert (Vu : values_at f (QR l) (S k) (f (QR (at_x pu)))) by (exists (QR (at_x pu)); auto).
    assert (Vv : values_at f (QR l) (S k) (f (QR (at_x pv)))) by (exists (QR (at_x pv)); auto).
    pose proof (value_known a pu Na) as Ku; pose proof (value_known b pv Nb) as Kv.
    assert (N : reaches (S k) i').
    { split; intros e p He L.
      - unfold place_in in L; apply andb_true_iff in L as [L1 L2]; apply Z.leb_le, IZR_le in L1; apply Z.leb_le, IZR_le in L2.
        destruct (point_known e p He) as [_ [D _]]; unfold i' in L1, L2; cbn [fst snd] in L1, L2.
        apply (at_between (lasts good) (S k) _ _ _ Vu Vv); split; apply unit_le; lra.
      - apply Z.leb_le, IZR_le in L; unfold i' in L; cbn [snd] in L; destruct (point_known e p He) as [Hx [D _]].
        pose proof (l_in (lasts good)).
        apply (by_between (lasts good) (S k) (QR l) (f (QR (at_x pv)))).
        + apply values_start; lra.
        + apply (values_all f (QR l) (S k) (S k)); [apply le_n|exact Vv].
        + split; [exact Hx|apply unit_le; lra]. }
    destruct (IH (S k) i' js' R0 N) as [L G]; split; [simpl; rewrite L; reflexivity|].
    intros [|e] j He; [injection He as <-; rewrite Nat.add_0_r; exact Hi|].
    rewrite <- plus_n_Sm; exact (G e j He).
Qed.

Lemma next_slopes_length : forall first old r parts e, length old = length r -> length parts = length r ->
  length (next_slopes first old r parts e) = length r.
Proof.
  intros first; induction old as [|a old IH]; intros [|b r'] [|p parts] e H1 H2; try discriminate; [reflexivity|].
  simpl; rewrite IH; simpl in *; lia.
Qed.

Lemma iterated_sound : forall steps k k' x, length (slopes k) = n -> models u (IZR unit * x) k ->
  iterated (combined m gs) r steps k = Some k' ->
  length (slopes k') = n /\ models u (IZR unit * Nat.iter steps f x) k'.
Proof.
  induction steps as [|steps IH]; intros k k' x Hs Hk H; cbn [iterated] in H; [injection H as <-; auto|].
  destruct (Z.ltb _ _); [|discriminate].
  assert (Lg : length gs = length m) by (unfold gs; rewrite map_length; unfold n in Hm; congruence).
  assert (Dp : (0 < den)%Z) by (unfold den; apply Z.mul_pos_pos; [exact positive_d|apply Z.pow_pos_nonneg; [reflexivity|lia]]).
  rewrite iter_next; apply (IH (next_model (combined m gs) gs r den k) k'); [| |exact H].
  - unfold next_model; cbn [slopes]; rewrite next_slopes_length; rewrite ?map_length; congruence.
  - apply (next_model_sound m r u gs den k (IZR unit * x)); try assumption; [congruence|].
    rewrite <- HW, <- map_value; repeat f_equal; field; apply Rgt_not_eq, unit_positive.
Qed.

Lemma rdot_zero : forall k v, rdot (repeat 0%Z k) v = 0.
Proof. induction k as [|k IH]; intros [|t v]; simpl; try reflexivity; rewrite IH; ring. Qed.
Lemma rdot_sum : forall a b v, length a = length b -> rdot (sum_lists a b) v = rdot a v + rdot b v.
Proof.
  induction a as [|x a IH]; intros [|y b] [|t v] H; try discriminate; simpl; try ring.
  rewrite plus_IZR, IH by (simpl in H; lia); ring.
Qed.
Lemma rdot_scale : forall c a v, rdot (map (Z.mul c) a) v = IZR c * rdot a v.
Proof. intros c; induction a as [|x a IH]; intros [|t v]; simpl; try ring; rewrite mult_IZR, IH; ring. Qed.
Lemma sum_lists_length : forall a b, length a = length b -> length (sum_lists a b) = length a.
Proof. induction a as [|x a IH]; intros [|y b] H; try discriminate; [reflexivity|]; simpl; rewrite IH; simpl in *; lia. Qed.

(** The sum of the terms is a number that the model holds and that is small. *)
Lemma terms_sound : forall js, (length js <= T)%nat -> (forall e j, nth_error js e = Some j -> reaches e j) ->
  forall terms sum weight, terms_sum (combined m gs) r js terms = Some (sum, weight) ->
  length (slopes sum) = n /\ (0 <= weight)%Z /\
  exists D, models u D sum /\ Rabs D <= IZR weight * (QR E * IZR unit) /\
    ((0 < weight)%Z -> Rabs D < IZR weight * (QR E * IZR unit)).
Proof.
  intros js Hjs HJ; pose proof unit_positive as U; pose proof (E_in good) as E0.
  assert (EU : 0 < QR E * IZR unit) by (apply Rmult_lt_0_compat; lra).
  induction terms as [|[[k z] a] terms IH]; intros sum weight H; cbn [terms_sum] in H.
  - injection H as <- <-; cbn [slopes]; split; [apply repeat_length|split; [lia|]]; exists 0.
    unfold models; cbn [centre slopes slack]; rewrite rdot_zero.
    match goal with |- Rabs ?e <= _ /\ _ => replace e with 0 by ring end; rewrite Rabs_R0.
    split; [lra|split; [lra|lia]].
  - destruct (nth_error js k) as [j|] eqn:Nk; [|discriminate]; destruct (nth_error points z) as [p|] eqn:Np; [|discriminate].
    destruct (place_in p j) eqn:P; [|discriminate].
    destruct (iterated _ r (T - k) _) as [one|] eqn:I; [|discriminate].
    destruct (terms_sum _ r js terms) as [[sum' weight']|] eqn:Ts; [|discriminate]; injection H as <- <-.
    destruct (IH _ _ eq_refl) as [Ls [Hw [D [HD [B1 B2]]]]].
    assert (Kt : (k < length js)%nat) by (apply nth_error_Some; congruence).
    apply (proj1 (HJ k j Nk) z p Np) in P; pose proof (near_at good k _ ltac:(lia) P) as NA.
    destruct (point_known z p Np) as [_ [Dp _]].
    assert (M0 : models u (IZR unit * QR (at_x p)) (Model (down p) (repeat 0%Z n) (up p - down p))).
    { unfold models; cbn [centre slopes slack]; rewrite rdot_zero, minus_IZR; apply Rabs_le; lra. }
    destruct (iterated_sound (T - k) (Model (down p) (repeat 0%Z n) (up p - down p)) one _ (repeat_length 0%Z n) M0 I) as [L1 M1].
    set (y := Nat.iter (T - k) f (QR (at_x p))) in *.
    cbn [slopes]; split; [rewrite sum_lists_length; rewrite map_length; congruence|split; [lia|]].
    exists (IZR a * (IZR unit * y - IZR unit) + D); split; [|split].
    + unfold models in *; cbn [centre slopes slack].
      rewrite rdot_sum by (rewrite map_length; congruence); rewrite rdot_scale, !plus_IZR, !mult_IZR, minus_IZR, abs_real.
      match goal with |- Rabs ?e <= _ => replace e with
        (IZR a * (IZR unit * y - (IZR (centre one) + rdot (slopes one) u)) + (D - (IZR (centre sum') + rdot (slopes sum') u))) by ring end.
      eapply Rle_trans; [apply Rabs_triang|]; rewrite Rabs_mult; apply Rplus_le_compat; [|exact HD].
      apply Rmult_le_compat_l; [apply Rabs_pos|exact M1].
    + rewrite plus_IZR, abs_real; eapply Rle_trans; [apply Rabs_triang|]; rewrite Rmult_plus_distr_r.
      apply Rplus_le_compat; [|exact B1]; rewrite Rabs_mult; apply Rmult_le_compat_l; [apply Rabs_pos|].
      replace (IZR unit * y - IZR unit) with (- ((1 - y) * IZR unit)) by ring; rewrite Rabs_Ropp, Rabs_mult, (Rabs_pos_eq (IZR unit)) by lra.
      apply Rmult_le_compat_r; lra.
    + intros Hpos; rewrite plus_IZR, abs_real; eapply Rle_lt_trans; [apply Rabs_triang|]; rewrite Rmult_plus_distr_r.
      assert (S1 : Rabs (IZR unit * y - IZR unit) < QR E * IZR unit).
      { replace (IZR unit * y - IZR unit) with (- ((1 - y) * IZR unit)) by ring; rewrite Rabs_Ropp, Rabs_mult, (Rabs_pos_eq (IZR unit)) by lra.
        apply Rmult_lt_compat_r; lra. }
      rewrite Rabs_mult; destruct (Z.eq_dec a 0) as [->|Na].
      * rewrite Rabs_R0, !Rmult_0_l, !Rplus_0_l; apply B2; lia.
      * apply Rplus_lt_le_compat; [|exact B1]; apply Rmult_lt_compat_l; [|exact S1].
        apply Rabs_pos_lt, not_0_IZR, Na.
Qed.

End Member.

Theorem refuted_sound : forall b chain last, length b = n -> refuted b chain last = true -> in_box b -> False.
Proof.
  intros b chain last Hb H Hin; destruct (box_units b Hin) as [u [Hu [HW [Hl Hp]]]].
  unfold refuted in H; set (m := map middle b) in *; set (r := map (fun i => (snd i - middle i)%Z) b) in *.
  assert (Hm : length m = n) by (unfold m; rewrite map_length; exact Hb).
  assert (Hr : length r = length m) by (unfold m, r; rewrite !map_length; reflexivity).
  assert (Hlu : length u = length m) by (rewrite Hl; unfold m; rewrite map_length; reflexivity).
  apply andb_true_iff in H as [HT H]; apply Nat.ltb_lt in HT.
  destruct (reached m r chain (floor_units l, unit)) as [js|] eqn:R0; [|discriminate].
  destruct (reached_sound m r u Hu HW Hr Hlu Hp chain 0 _ js R0 start_reaches) as [Ljs HJ]; cbn [Nat.add] in HJ.
  pose proof (E_in good) as E0; pose proof unit_positive as U.
  destruct last as [z|terms].
  - destruct (nth_error points z) as [p|] eqn:Np; [|discriminate].
    pose proof (value_known m r u Hu HW Hr Hlu Hp z p Np) as V; destruct (value_between m r (factors p) (over p)) as [low high].
    cbn [fst snd] in V; apply andb_true_iff in H as [Hj H]; apply existsb_exists in Hj as [j [Ij Lj]].
    destruct (In_nth_error js j Ij) as [e He]; pose proof (proj2 (HJ e j He) z p Np Lj) as By.
    assert (He' : (e < T)%nat) by (assert (e < length js)%nat by (apply nth_error_Some; congruence); lia).
    destruct (point_known z p Np) as [Hx [Dp _]].
    destruct (values_some f (QR l) e _ By) as [e' [Le' At]].
    assert (ByT : values_by f (QR l) T (QR (at_x p))) by (apply (values_all f (QR l) T e'); [lia|exact At]).
    apply orb_true_iff in H as [H|H]; [apply orb_true_iff in H as [H|H]|].
    + pose proof (next_positive (lasts good) e _ He' By) as P; apply Z.leb_le, IZR_le in H; nra.
    + apply andb_true_iff in H as [H1 H2]; apply QR_le in H1; rewrite QR_plus in H1; change (QR 1) with 1 in H1.
      apply Z.leb_le, IZR_le in H2; apply (falls good _ ByT H1); apply unit_le; lra.
    + apply andb_true_iff in H as [H1 H2]; apply QR_le in H1; unfold Qminus in H1; rewrite QR_plus, QR_opp in H1.
      change (QR 1) with 1 in H1; apply Z.leb_le, IZR_le in H2; apply (rises good _ ByT); [lra|apply unit_le; lra].
  - destruct (terms_sum (combined m gs) r js terms) as [[sum weight]|] eqn:Ts; [|discriminate].
    destruct (terms_sound m r u Hu HW Hm Hr Hlu Hp js ltac:(lia) HJ terms sum weight Ts) as [Ls [Hw [D [HD [_ B]]]]].
    apply andb_true_iff in H as [H1 H2]; apply Z.ltb_lt in H1; specialize (B H1).
    apply Z.leb_le, IZR_le in H2; rewrite mult_IZR, !minus_IZR, abs_real in H2.
    pose proof (ceiling_units_real E) as CE; unfold models in HD; pose proof (rdot_bound (slopes sum) u Hu) as RB.
    apply IZR_lt in H1.
    assert (IZR weight * (QR E * IZR unit) <= IZR weight * IZR (ceiling_units E)) by (apply Rmult_le_compat_l; lra).
    assert (Rabs (IZR (centre sum)) <= Rabs D + IZR (total (slopes sum)) + IZR (slack sum)); [|lra].
    replace (IZR (centre sum)) with (D + - rdot (slopes sum) u + - (D - (IZR (centre sum) + rdot (slopes sum) u))) by ring.
    pose proof (Rabs_triang (D + - rdot (slopes sum) u) (- (D - (IZR (centre sum) + rdot (slopes sum) u)))) as A1.
    pose proof (Rabs_triang D (- rdot (slopes sum) u)) as A2; rewrite !Rabs_Ropp in *; lra.
Qed.

(** f'(1) of a member. *)
Lemma turn_value : forall t, derivable_pt_lim f 1 t ->
  IZR unit * t * IZR d = wdot W (map (fun r => odd_sum 1 (cleared d r)) rows).
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
  intros t Ht; unfold W; destruct (G w rows clear) as [t' [Ht' Et]]; rewrite <- Et.
  assert (E0 : t = t'); [|rewrite E0; reflexivity].
  apply (uniqueness_limite f 1 t t' Ht); apply (derivable_pt_lim_ext (fun x => x * from_nodes w rows (x ^ 2)));
    [intros x; symmetry; apply given|exact Ht'].
Qed.

Lemma elsewhere_sound : forall b, elsewhere b = true -> length b = n -> in_box b -> False.
Proof.
  intros b H Hb Hin; destruct (box_units b Hin) as [u [Hu [HW [Hl Hp]]]]; unfold elsewhere in H.
  set (m := map middle b) in *; set (r := map (fun i => (snd i - middle i)%Z) b) in *.
  set (a := map (fun r => odd_sum 1 (cleared d r)) rows) in *.
  assert (Hr : length r = length m) by (unfold m, r; rewrite !map_length; reflexivity).
  assert (Hlu : length u = length m) by (rewrite Hl; unfold m; rewrite map_length; reflexivity).
  pose proof (fun v => value_between_sound m r u a d positive_d Hu Hr Hlu Hp v) as B.
  destruct (value_between m r a d) as [low high]; cbn [fst snd] in B.
  destruct multiplier as [[lo hi]|]; [|discriminate]; destruct turns as [t [Ht It]].
  pose proof (turn_value t Ht) as V; rewrite HW in V; specialize (B _ V); unfold inside in It; cbn [fst snd] in It.
  assert (Q1 : forall z : Z, QR (z # 1) = IZR z) by reflexivity; pose proof unit_positive as U.
  apply orb_true_iff in H as [H|H]; apply QR_lt in H; rewrite QR_mult, !Q1 in H;
    pose proof (Rmult_le_compat_l _ _ _ (Rlt_le _ _ U) (proj1 It)); pose proof (Rmult_le_compat_l _ _ _ (Rlt_le _ _ U) (proj2 It)); lra.
Qed.

Lemma halved_sound : forall axis b low high, halved true axis b = Some low -> halved false axis b = Some high ->
  length low = length b /\ length high = length b /\ (in_box b -> in_box low \/ in_box high).
Proof.
  assert (G : forall vs axis b low high, halved true axis b = Some low -> halved false axis b = Some high ->
    let holds b := Forall2 (fun i v => IZR (fst i) <= IZR unit * v <= IZR (snd i)) b vs in
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
Theorem walk_sound : forall tree open, Forall (fun b => length b = n) open -> walk tree open = true -> Forall (fun b => ~ in_box b) open.
Proof.
  induction tree as [|[axis| |chain last] tree IH]; intros [|b open] Hn H; try discriminate; [constructor| | |]; cbn [walk] in H;
    inversion Hn as [|? ? Hb Hn']; subst.
  - destruct (halved true axis b) as [low|] eqn:E1; [|discriminate]; destruct (halved false axis b) as [high|] eqn:E2; [|discriminate].
    destruct (halved_sound axis b low high E1 E2) as [L1 [L2 K]].
    assert (G : Forall (fun b => ~ in_box b) (low :: high :: open)).
    { apply IH; [|exact H]; repeat constructor; try congruence; assumption. }
    inversion G as [|? ? G1 G']; inversion G' as [|? ? G2 G'']; subst; constructor; [|exact G''].
    intros Hin; destruct (K Hin); contradiction.
  - apply andb_true_iff in H as [H1 H2]; constructor; [exact (elsewhere_sound b H1 Hb)|exact (IH open Hn' H2)].
  - apply andb_true_iff in H as [H1 H2]; constructor; [exact (refuted_sound b chain last Hb H1)|exact (IH open Hn' H2)].
Qed.

End Refute.
