(** * threshold: where a property ends, as the first parameter grows

    One condition, A, is critical. It is positive on [0, 1] at the window's
    start, negative somewhere from the window's end on, and falls in a where it
    may vanish. [Contact] gives the α at which its minimum is 0: there A and
    ∂A/∂y vanish together, and U A + V ∂A/∂y = m k with k > 0 makes α a root
    of m. Before α all conditions hold; after it orbits do what [Members] says. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Several Box Monomials Members Families Region Contact.
Import ListNotations.
Local Open Scope R_scope.

(* The kernel compares these by name first, and looks inside only if it must. *)
#[local] Strategy 100 [fvalue lower quotient deviation deviation_ratio next_g no_cycle next_square].

(** ** What is critical, and what follows *)

Inductive critical := FixedPoint | Landing | Antipode | Zero.

Definition critical_polynomial {n : nat} (g : fraction (S n)) (c : critical) : fraction (S n) :=
  match c with
  | FixedPoint | Landing => deviation_ratio g
  | Antipode => fadd (next_g g) (fconstant (S n) 1)
  | Zero => next_g g
  end.

(** The conditions other than w > 0 and A > 0; none if A is not critical for the property. That a sign flips
    does not end convergence: N > 0 says f(f(x)) > x, so convergence ends before. *)
Definition other_conditions {n : nat} (g : fraction (S n)) (what : property) (c : critical) :
    option (list (fraction (S n))) :=
  match what, c with
  | Convergent, (FixedPoint | Landing) => Some [next_g g; no_cycle g]
  | SignSafe, Zero => Some [deviation_ratio g]
  | Bounded, FixedPoint => Some [fadd (next_g g) (fconstant (S n) 1)]
  | Bounded, Antipode => Some [deviation_ratio g]
  | _, _ => None
  end.

(** w > 0, A > 0 and the others are all the conditions. *)
Lemma conditions_split : forall n (g : fraction (S n)) what c rest,
  other_conditions g what c = Some rest ->
  forall p, In p (conditions g what) -> p = deviation g \/ p = critical_polynomial g c \/ In p rest.
Proof.
  intros n g what c rest H p Hp; destruct what, c; try discriminate; injection H as <-;
    cbn [conditions critical_polynomial In] in *; intuition auto.
Qed.

(** What some orbit does after the threshold. *)
Definition fails (c : critical) (f : R -> R) : Prop :=
  match c with
  | Zero => exists x0, 0 < x0 < 1 /\ f (f x0) < 0
  | Landing => exists x0, 0 < x0 < 1 /\ f (f x0) = f x0 /\ f x0 <> 1
  | _ => exists x0, 0 < x0 < 1 /\ is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty
  end.

(** What falls for y ≥ 1, so that orbits grow. *)
Definition falling_polynomial {n : nat} (g : fraction (S n)) (c : critical) : option (fraction (S n)) :=
  match c with FixedPoint => Some (deviation g) | Antipode => Some g | Landing | Zero => None end.

(** A < 0 at one y, w > 0 on (0, 1): the property fails. *)
Theorem critical_fails : forall n (g : fraction (S n)) v f c y,
  (forall x, f x = x * fvalue g (x ^ 2 :: v)) -> fixes_one g = true ->
  (forall y, 0 < y < 1 -> 0 < fvalue (deviation g) (y :: v)) ->
  (forall p, falling_polynomial g c = Some p ->
     forall y z, 1 <= y -> y < z -> fvalue p (z :: v) < fvalue p (y :: v)) ->
  (c = Landing -> 0 < fvalue (deviation g) (0 :: v) /\ 0 < fvalue (deviation g) (1 :: v)) ->
  0 < y < 1 -> fvalue (critical_polynomial g c) (y :: v) < 0 -> fails c f.
Proof.
  intros n g v f c y Hf H1 Hw Hfall Hends Hy HA.
  pose proof (G_deviation g v H1) as GW; pose proof (deviation_ratio_value g v H1) as WR; cbn beta in *.
  pose proof (fvalue_continuous n g v) as CG; pose proof (fvalue_continuous n (deviation g) v) as CW.
  destruct c; cbn [critical_polynomial fails] in *.
  - apply (member_escapes_above f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))
             (fun y => fvalue (deviation_ratio g) (y :: v))) with (y := y); auto.
  - destruct (Hends eq_refl) as [H0 H1'].
    apply (lands_elsewhere f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v))) with (y := y); auto.
    rewrite WR; pose proof (Hw y Hy); nra.
  - apply (member_escapes_alternating f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v)))
      with (y := y); auto.
    rewrite fvalue_add, fvalue_constant, next_g_value in HA; change (QR 1) with 1 in HA; lra.
  - rewrite next_g_value in HA.
    apply (member_flips f (fun y => fvalue g (y :: v)) (fun y => fvalue (deviation g) (y :: v)))
      with (y := y); auto.
Qed.

(** ** Cells *)

(** The closed pieces of an interval. *)
Fixpoint pieces (a : Q) (splits : list Q) (b : Q) : list axis :=
  match splits with
  | [] => [Axis a true b true []]
  | s :: splits' => Axis a true s true [] :: pieces s splits' b
  end.
Definition pieces_of (i : axis) : list axis := pieces (low i) (cuts i) (high i).

(** They cover it. *)
Lemma pieces_cover : forall i x, in_axis i x -> exists j, In j (pieces_of i) /\ in_axis j x.
Proof.
  intros [a l b r splits] x Hx; unfold pieces_of; cbn [low high cuts].
  assert (H : QR a <= x <= QR b) by (destruct Hx as [A B]; cbn in A, B; destruct l, r; lra).
  clear Hx l r; revert a H; induction splits as [|s splits IH]; intros a H; cbn [pieces].
  - exists (Axis a true b true []); split; [left; reflexivity|exact H].
  - destruct (Rle_lt_dec x (QR s)) as [L|G].
    + exists (Axis a true s true []); split; [left; reflexivity|split; cbn; lra].
    + destruct (IH s ltac:(lra)) as [j [Hj Hin]]; exists j; split; [right|]; assumption.
Qed.

(** The cells of a box cover it. *)
Lemma cells_cover : forall box v, in_box box v ->
  exists cell, In cell (choices (map pieces_of box)) /\ in_box cell v.
Proof.
  induction box as [|i box IH]; intros [|x v] H; try contradiction.
  - exists []; split; [left; reflexivity|exact I].
  - destruct H as [Hx Hv]; destruct (pieces_cover i x Hx) as [j [Hj Hin]].
    destruct (IH v Hv) as [cell [Hc Hinc]]; exists (j :: cell); split; [|split; assumption].
    apply in_flat_map; exists j; split; [exact Hj|apply in_map, Hc].
Qed.

(** In each cell p is negative at its y. *)
Fixpoint negative_at {n : nat} (p : fraction (S n)) (cells : list (list axis)) (ys : list Q) : bool :=
  match cells, ys with
  | [], [] => true
  | cell :: cells', y :: ys' =>
      below 0 y && below y 1 && positive_on cell (at_first y (fopp p)) &&
      negative_at p cells' ys'
  | _, _ => false
  end.

(** So there is a y for each point of a cell. *)
Lemma negative_at_sound : forall n (p : fraction (S n)) cells ys, negative_at p cells ys = true ->
  forall cell v, In cell cells -> in_box cell v -> exists y, 0 < y < 1 /\ fvalue p (y :: v) < 0.
Proof.
  induction cells as [|c cells IH]; intros [|y ys] H cell v Hc Hv; try discriminate; [contradiction|].
  cbn [negative_at] in H; repeat (apply andb_true_iff in H as [H ?H]).
  destruct Hc as [<-|Hc]; [|apply (IH ys H0 cell v Hc Hv)].
  apply QR_lt in H; apply QR_lt in H2; change (QR 0) with 0 in H; change (QR 1) with 1 in H2.
  exists (QR y); split; [lra|].
  pose proof (at_first_positive _ _ _ _ (positive_on_sound _ _ _ H1 v Hv)) as P; rewrite fvalue_opp in P; lra.
Qed.

(** ** What is computed *)

(** The data of the proof; split points for y come first, then for a, then the rest. *)
Record contact_data := Contact {
  window : Q * Q; core : Q * Q;
  w_splits : list (list Q); A_splits : list (list Q); other_splits : list (list (list Q));
  low_edge : list (list Q); high_edge : list (list Q); falling : list (list Q);
  tail : list (list Q); grid : list (list Q); points : list Q;
  factor_A : list monomial; factor_slope : list monomial;
  cofactor : list monomial; nonzero : list (list Q) }.

Definition closed (a b : Q) : axis := Axis a true b true [].
Definition unit_closed : axis := closed 0 1.
Definition unit_left_open : axis := Axis 0 false 1 true [].

(** At least two variables: y, a, and the [rest] in their box. *)
Definition threshold_test (rows : list (list monomial)) (what : property) (c : critical)
    (a0 a1 : Q) (rest : list axis) (m : list monomial) (d : contact_data) : bool :=
  let k := length rest in
  let g := even_of (S k) rows in
  let A := critical_polynomial g c in
  let (w0, w1) := window d in
  let (c0, c1) := core d in
  let window_axis := closed w0 w1 in
  fixes_one g &&
  Qle_bool a0 w0 && below w0 w1 && Qle_bool w1 a1 &&
  Qle_bool 0 c0 && below c0 c1 && Qle_bool c1 1 &&
  positive_cut (unit_inside :: Axis a0 false a1 true [] :: rest) (deviation g) (w_splits d) &&
  positive_cut (unit_closed :: Axis a0 (negb (below a0 w0)) w0 true [] :: rest) A (A_splits d) &&
  match other_conditions g what c with
  | None => false
  | Some ps => all_positive_cut (unit_inside :: Axis a0 false w1 true [] :: rest) ps (other_splits d)
  end &&
  positive_cut (closed 0 c0 :: window_axis :: rest) A (low_edge d) &&
  positive_cut (closed c1 1 :: window_axis :: rest) A (high_edge d) &&
  positive_cut (Axis c0 false c1 false [] :: window_axis :: rest) (fopp (fderivative2 A)) (falling d) &&
  match falling_polynomial g c with
  | None => true
  | Some p =>
      positive_cut (unit_left_open :: closed w0 a1 :: rest) (falling_beyond p) (tail d)
  end &&
  match c with
  | Landing => positive_cut (unit_closed :: closed w0 a1 :: rest) (deviation g) (tail d)
  | _ => true
  end &&
  negative_at A (choices (map pieces_of (cut_axes (closed w1 a1 :: rest) (grid d)))) (points d) &&
  (let K := sum_of (S (S k)) (cofactor d) in
   fvanishes (fsub (fadd (fmul (sum_of _ (factor_A d)) A) (fmul (sum_of _ (factor_slope d)) (fderivative A)))
                   (fmul (lift (sum_of (S k) m)) K)) &&
   positive_cut (unit_closed :: window_axis :: rest) K (nonzero d)).

(** ** The theorem *)

(** For every value of the other parameters there is one α. *)
Theorem threshold : forall rows what c a0 a1 rest ms d v F m,
  in_box_text rest v ->
  (forall a x, F a x = family_text rows (a :: v) x) /\ (forall a, m a = sum_text ms (a :: v)) ->
  threshold_test rows what c a0 a1 rest ms d = true ->
  exists alpha, QR (fst (window d)) < alpha < QR (snd (window d)) /\ m alpha = 0 /\
    (forall a, QR a0 < a < alpha -> follows what (F a)) /\
    (forall a, alpha < a <= QR a1 -> fails c (F a)).
Proof.
  intros rows what c a0 a1 rest ms d v F m Hvt [HF Hm] H.
  pose proof (in_box_text_sound rest v Hvt) as Hv; unfold threshold_test in H.
  set (k := length rest) in *; set (g := even_of (S k) rows) in *.
  set (A := critical_polynomial g c) in *.
  destruct (window d) as [w0 w1]; destruct (core d) as [c0 c1]; cbn [fst snd].
  repeat (apply andb_true_iff in H as [H ?H]).
  rename H into Hone, H0 into Hnonzero, H1 into Hnegative, H2 into Hends, H3 into Htail, H4 into Hfalling,
    H5 into Hhigh, H6 into Hlow, H7 into Hother, H8 into HA, H9 into Hw, H10 into Hc1, H11 into Hc01, H12 into Hc0,
    H13 into Hw1, H14 into Hw01, H15 into Hw0.
  apply andb_true_iff in Hnonzero as [Hidentity Hnonzero].
  apply QR_le in Hw0, Hw1, Hc0, Hc1; apply QR_lt in Hw01, Hc01.
  change (QR 0) with 0 in *; change (QR 1) with 1 in *.
  pose proof (fun y a Hy Ha => positive_cut_sound _ _ _ _ Hw (y :: a :: v) (conj Hy (conj Ha Hv))) as Pw.
  pose proof (fun y a Hy Ha => positive_cut_sound _ _ _ _ HA (y :: a :: v) (conj Hy (conj Ha Hv))) as PA.
  pose proof (fun y a Hy Ha => positive_cut_sound _ _ _ _ Hlow (y :: a :: v) (conj Hy (conj Ha Hv))) as Pl.
  pose proof (fun y a Hy Ha => positive_cut_sound _ _ _ _ Hhigh (y :: a :: v) (conj Hy (conj Ha Hv))) as Ph.
  pose proof (fun y a Hy Ha => positive_cut_sound _ _ _ _ Hfalling (y :: a :: v) (conj Hy (conj Ha Hv))) as Pf.
  pose proof (fun y a Hy Ha => positive_cut_sound _ _ _ _ Hnonzero (y :: a :: v) (conj Hy (conj Ha Hv))) as Pk.
  unfold in_axis, closed, unit_inside, unit_closed in *; cbn [low high low_in high_in] in *.
  change (QR 0) with 0 in *; change (QR 1) with 1 in *.
  assert (HF' : forall a x, F a x = x * fvalue g (x ^ 2 :: a :: v)).
  { intros a x; rewrite HF; change (S k) with (S (length rest)) in g; unfold g, k.
    rewrite <- (in_box_length rest v Hv); apply family_value. }
  assert (Beyond : forall a, QR w1 <= a <= QR a1 -> exists y, 0 < y < 1 /\ fvalue A (y :: a :: v) < 0).
  { intros a Ha.
    assert (Hin : in_box (cut_axes (closed w1 a1 :: rest) (grid d)) (a :: v))
      by (apply in_cut_axes; split; [exact Ha|exact Hv]).
    destruct (cells_cover _ _ Hin) as [cell [Hc Hcell]].
    exact (negative_at_sound _ _ _ _ Hnegative cell _ Hc Hcell). }
  destruct (lipschitz_second k A v (Rabs (QR w0) + Rabs (QR w1)) ltac:(pose proof (Rabs_pos (QR w0));
    pose proof (Rabs_pos (QR w1)); lra)) as [L [HL Lip]].
  assert (Bound : forall a, QR w0 <= a <= QR w1 -> Rabs a <= Rabs (QR w0) + Rabs (QR w1)).
  { intros a Ha; unfold Rabs; repeat destruct (Rcase_abs _); lra. }
  destruct (contact (fun y a => fvalue A (y :: a :: v)) (QR w0) (QR w1) (QR c0) (QR c1) L)
    as [alpha [Hal [Before [After [y [Hyc [Hy [Hz Hmin]]]]]]]].
  - exact Hw01.
  - intros a; apply fvalue_continuous.
  - exact HL.
  - intros; apply Lip; auto.
  - intros t Ht; apply PA; [exact Ht|]; split; [|lra].
    destruct (below a0 w0) eqn:E; cbn [negb]; [apply QR_lt, E|exact Hw0].
  - destruct (Beyond (QR w1) ltac:(lra)) as [y [Hy N]]; exists y; split; [lra|exact N].
  - intros a t Ha [Ht|Ht]; [apply Pl|apply Ph]; assumption.
  - intros t a b Ht Ha Hab Hb.
    destruct (MVT_cor2 (fun a => fvalue A (t :: a :: v)) (fun a => fvalue (fderivative2 A) (t :: a :: v)) a b Hab)
      as [e [E He]]; [intros; apply fvalue_derivative2|].
    pose proof (Pf t e Ht ltac:(lra)) as P; rewrite fvalue_opp in P; cbn beta in E; nra.
  - exists alpha; split; [exact Hal|split; [|split]].
    + pose proof (fvanishes_sound _ _ (y :: alpha :: v) Hidentity) as Id.
      rewrite fvalue_sub, fvalue_add, !fvalue_mul, fvalue_lift, Hz in Id.
      rewrite (derivative_at_minimum (fun y => fvalue A (y :: alpha :: v)) y _ (QR c0) (QR c1) Hyc
                 (fvalue_derivative _ A y (alpha :: v))) in Id.
      * pose proof (Pk y alpha Hy ltac:(lra)) as P.
        rewrite Hm, sum_value; cbn [length]; rewrite (in_box_length rest v Hv); fold k.
        destruct (Rmult_integral (fvalue (sum_of (S k) ms) (alpha :: v))
                    (fvalue (sum_of (S (S k)) (cofactor d)) (y :: alpha :: v))); [lra|assumption|lra].
      * intros z Hzc; rewrite Hz; apply Hmin; lra.
    + intros a Ha; apply (conditions_sound (S k) g (a :: v)); [apply HF'|exact Hone| |].
      2: { exists (1 / 2); split; [lra|]; destruct what, c; try discriminate; intros p []. }
      destruct (other_conditions g what c) as [ps|] eqn:O; [|discriminate].
      intros p Hp t Ht; destruct (conditions_split _ g what c ps O p Hp) as [->|[->|Hin]].
      * apply Pw; lra.
      * fold A; destruct (Rle_lt_dec (QR w0) a) as [G|G]; [apply Before; lra|].
        apply PA; [exact (conj (Rlt_le _ _ (proj1 Ht)) (Rlt_le _ _ (proj2 Ht)))|].
        split; [destruct (below a0 w0); cbn [negb]; lra|lra].
      * apply (all_positive_cut_sound _ _ _ _ Hother p Hin); split; [exact Ht|split; [|exact Hv]].
        split; cbn; lra.
    + intros a Ha.
      assert (exists t, 0 < t < 1 /\ fvalue A (t :: a :: v) < 0) as [t [Ht N]].
      { destruct (Rle_lt_dec a (QR w1)) as [G|G]; [|apply Beyond; lra].
        destruct (After a ltac:(lra)) as [t [Ht [_ N]]]; exists t; split; [lra|exact N]. }
      apply (critical_fails (S k) g (a :: v) (F a) c t); auto.
      * intros s Hs; apply Pw; lra.
      * intros p Hp; rewrite Hp in Htail; apply falls_beyond_one; intros s Hs.
        apply (positive_cut_sound _ _ _ _ Htail); split; [split; cbn; unfold QR; cbn; lra|].
        split; [split; cbn; lra|exact Hv].
      * intros ->; split; apply (positive_cut_sound _ _ _ _ Hends);
          (split; [split; cbn; unfold QR; cbn; lra|split; [split; cbn; lra|exact Hv]]).
Qed.
