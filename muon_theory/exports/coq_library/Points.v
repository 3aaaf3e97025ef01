(** * constant-bound: points, and maps by their values at nodes

    A map f of so many coefficients is given by the w_i = f(x_i)/x_i at nodes
    x_i; its value at any other x is a sum of them with weights. All numbers are
    integers over 2^48, or over a denominator of their own. *)

From Coq Require Import Reals ZArith QArith Qreduction List Bool Lra Lia.
From MuonTheory Require Import Polynomial Schedule Minimax Interpolation Enclosures.
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

(** ** Boxes of the w_i *)

Definition box := list (Z * Z).
Definition middle (i : Z * Z) : Z := ((fst i + snd i) / 2)%Z.
Definition in_box (w : list R) (b : box) : Prop := Forall2 (fun i v => IZR (fst i) <= IZR unit * v <= IZR (snd i)) b w.

(** A member of a box, about its middle. *)
Lemma box_units : forall w b, in_box w b ->
  exists u, units u /\ map (Rmult (IZR unit)) w = member (map middle b) (map (fun i => (snd i - middle i)%Z) b) u /\
  length u = length b /\ Forall (fun z => (0 <= z)%Z) (map (fun i => (snd i - middle i)%Z) b).
Proof.
  unfold in_box; intros w b H; induction H as [|[lo hi] v b vs Hv H IH].
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

(** ** A map by its values at nodes *)

(** The polynomials of the nodes as integers, and what they are over. *)
Definition node_maps (rows : list (list Q)) (d : Z) : list poly := map (scaled d) rows.
Definition node_maps_over (rows : list (list Q)) (d : Z) : Z := (d * unit ^ Z.of_nat (2 * length rows - 1))%Z.

(** f is the map of these w, and the points are what they should be; the rows are the nodes' polynomials, over d. *)
Record tabulated (f : R -> R) (w : list R) (l : Q) (rows : list (list Q)) (d : Z) (points : list point) : Prop := {
  as_many : length w = length rows;
  given : forall x, f x = x * from_nodes w rows (x ^ 2);
  positive_d : (0 < d)%Z;
  clear_rows : forallb (clears d) rows = true;
  same_length : forallb (fun r => Nat.eqb (length r) (length rows)) rows = true;
  points_fit : forallb (point_fits l rows) points = true;
  points_are : points = map (fun p => point_at rows (at_x p)) points }.
Arguments as_many {f w l rows d points}. Arguments given {f w l rows d points}.
Arguments positive_d {f w l rows d points}. Arguments clear_rows {f w l rows d points}.
Arguments same_length {f w l rows d points}. Arguments points_fit {f w l rows d points}.
Arguments points_are {f w l rows d points}.

Lemma weights_value : forall x vs rs e, clears e (weights rs x) = true ->
  wdot (map (Rmult (IZR unit)) vs) (cleared e (weights rs x)) =
  IZR unit * (QR x * from_nodes vs rs (QR x ^ 2)) * IZR e.
Proof.
  intros x vs rs e; revert vs; induction rs as [|r rs IH]; intros [|v vs] H; try (simpl; ring).
  cbn [weights map cleared clears forallb] in H; apply andb_true_iff in H as [Hc H].
  cbn [weights map cleared wdot from_nodes]; fold (weights rs x); fold (cleared e (weights rs x)).
  rewrite (IH vs H), (cleared_real _ _ Hc), QR_red, QR_mult, qhorner_value, QR_square; ring.
Qed.

Section Tabulated.

Context {f : R -> R} {w : list R} {l : Q} {rows : list (list Q)} {d : Z} {points : list point}.
Hypothesis known : tabulated f w l rows d points.

(** What is known of a point. *)
Lemma point_known : forall i p, nth_error points i = Some p ->
  QR l <= QR (at_x p) /\ IZR (down p) <= IZR unit * QR (at_x p) <= IZR (up p) /\ (0 < over p)%Z /\
  IZR unit * f (QR (at_x p)) * IZR (over p) = wdot (map (Rmult (IZR unit)) w) (factors p).
Proof.
  intros i p H; pose proof (nth_error_In _ _ H) as I; pose proof (points_fit known) as Fit.
  assert (P : p = point_at rows (at_x p)).
  { rewrite (points_are known) in H; rewrite nth_error_map in H; destruct (nth_error points i) as [p'|] eqn:N; [|discriminate].
    injection H as H; rewrite <- H at 1; rewrite <- H; cbn [point_at at_x]; reflexivity. }
  rewrite forallb_forall in Fit; specialize (Fit p I); unfold point_fits in Fit.
  repeat (apply andb_true_iff in Fit as [Fit ?H]).
  apply QR_le in Fit; apply Z.ltb_lt in H1; split; [exact Fit|].
  rewrite P in *; cbn [point_at at_x down up factors over] in *.
  split; [split; [apply floor_units_real|apply ceiling_units_real]|]; split; [exact H1|].
  rewrite (weights_value (at_x p) w rows) by exact H0; rewrite (given known); reflexivity.
Qed.

Lemma scaled_value : forall r X, length r = length rows -> clears d r = true ->
  value (scaled d r) X * IZR unit = X * IZR (node_maps_over rows d) * qvalue r ((X / IZR unit) ^ 2).
Proof.
  intros r X Hr Hc; pose proof unit_positive as U; unfold scaled; rewrite value_odd.
  pose proof (powered_value (cleared d r) (X ^ 2)) as P.
  rewrite (cleared_value d r _ Hc) in P; unfold cleared in P at 2; rewrite map_length, Hr in P.
  replace (X ^ 2 / IZR unit ^ 2) with ((X / IZR unit) ^ 2) in P by (field; lra).
  unfold node_maps_over; rewrite mult_IZR, <- pow_IZR.
  destruct (length rows) as [|k] eqn:N; [destruct r; [|discriminate]; unfold qvalue; simpl; ring|].
  replace (2 * S k - 1)%nat with (2 * k + 1)%nat by lia.
  rewrite <- pow_mult in P; replace (2 * S k)%nat with (2 + 2 * k)%nat in P by lia; rewrite pow_add in P.
  rewrite pow_add, pow_1; apply Rmult_eq_reg_r with (IZR unit); [|lra].
  transitivity (X * (value (powered (cleared d r)) (X ^ 2) * IZR unit ^ 2)); [ring|]; rewrite P; ring.
Qed.

Lemma map_value : forall X, IZR unit * f (X / IZR unit) * IZR (node_maps_over rows d) =
  rcombined (map (Rmult (IZR unit)) w) (node_maps rows d) X.
Proof.
  intros X; rewrite (given known); unfold node_maps.
  pose proof unit_positive as U; set (y := (X / IZR unit) ^ 2).
  assert (G : forall vs rs, forallb (clears d) rs = true -> forallb (fun r => Nat.eqb (length r) (length rows)) rs = true ->
    X * from_nodes vs rs y * IZR (node_maps_over rows d) = rcombined (map (Rmult (IZR unit)) vs) (map (scaled d) rs) X).
  { induction vs as [|v vs IH]; intros [|r rs] Hc Hn; try (simpl; ring).
    cbn [forallb] in Hc, Hn; apply andb_true_iff in Hc as [Hc1 Hc]; apply andb_true_iff in Hn as [Hn1 Hn].
    apply Nat.eqb_eq in Hn1; cbn [map from_nodes rcombined]; rewrite <- (IH rs Hc Hn).
    pose proof (scaled_value r X Hn1 Hc1) as S; fold y in S.
    replace (IZR unit * v * value (scaled d r) X) with (v * (value (scaled d r) X * IZR unit)) by ring; rewrite S; ring. }
  rewrite <- (G w rows (clear_rows known) (same_length known)); field; lra.
Qed.

End Tabulated.
