(** * constant-bound: what refutes a box of maps

    No map of a box keeps its T-th iterates near 1, if the iterates of each take
    a value that they may not take: f changes its sign at a point, or takes a
    value on the wrong side of it, or the T-th iterates of some points are, in
    sum, far from 1. Points count that f is known to reach. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Schedule Enclosures Iterates Points.
Import ListNotations.
Local Open Scope R_scope.

Section Refuted.

(** T steps, from [l, 1], for an error E; the rows of the nodes' polynomials with their denominator. *)
Variables (T : nat) (l E : Q) (rows : list (list Q)) (d : Z).
Variable points : list point.

Let n := length rows.
Let gs := node_maps rows d.
Let den := node_maps_over rows d.

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

(** ** Soundness *)

Variable f : R -> R.
Variable w : list R.
Hypothesis good : near_one f (QR l) T (QR E).
Hypothesis known : tabulated f w l rows d points.

Section Member.

Variables (m r : list Z) (u : list R).
Hypothesis Hu : units u.
Hypothesis HW : map (Rmult (IZR unit)) w = member m r u.
Hypothesis Hm : length m = n.
Hypothesis Hr : length r = length m.
Hypothesis Hl : length u = length m.
Hypothesis Hp : Forall (fun z => (0 <= z)%Z) r.

Lemma value_known : forall i p, nth_error points i = Some p ->
  IZR (fst (value_between m r (factors p) (over p))) <= IZR unit * f (QR (at_x p)) <=
  IZR (snd (value_between m r (factors p) (over p))).
Proof.
  intros i p H; destruct (point_known known i p H) as [_ [_ [Ho Hv]]]; rewrite HW in Hv.
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
  { intros i p H L; destruct (point_known known i p H) as [H1 [[_ H2] _]]; apply Z.leb_le, IZR_le in L.
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
        destruct (point_known known e p He) as [_ [D _]]; unfold i' in L1, L2; cbn [fst snd] in L1, L2.
        apply (at_between (lasts good) (S k) _ _ _ Vu Vv); split; apply unit_le; lra.
      - apply Z.leb_le, IZR_le in L; unfold i' in L; cbn [snd] in L; destruct (point_known known e p He) as [Hx [D _]].
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
  assert (Lg : length gs = length m) by (unfold gs, node_maps; rewrite map_length; unfold n in Hm; congruence).
  assert (Dp : (0 < den)%Z) by (unfold den, node_maps_over; apply Z.mul_pos_pos; [exact (positive_d known)|apply Z.pow_pos_nonneg; [reflexivity|lia]]).
  rewrite iter_next; apply (IH (next_model (combined m gs) gs r den k) k'); [| |exact H].
  - unfold next_model; cbn [slopes]; rewrite next_slopes_length; rewrite ?map_length; congruence.
  - apply (next_model_sound m r u gs den k (IZR unit * x)); try assumption; [congruence|].
    rewrite <- HW, <- (map_value known); repeat f_equal; field; apply Rgt_not_eq, unit_positive.
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
    destruct (point_known known z p Np) as [_ [Dp _]].
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

Theorem refuted_sound : forall b chain last, length b = n -> refuted b chain last = true -> in_box w b -> False.
Proof.
  intros b chain last Hb H Hin; destruct (box_units w b Hin) as [u [Hu [HW [Hl Hp]]]].
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
    destruct (point_known known z p Np) as [Hx [Dp _]].
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

End Refuted.
