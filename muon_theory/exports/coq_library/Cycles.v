(** * cycles: an attracting cycle in given intervals

    f sends J_1 into J_2, ..., J_k into J_1, with |f'| ≤ d_i on J_i and
    d_1 ... d_k < 1. Then f iterated k times is a contraction of J_1: it has a
    fixed point c there, and J_1 is drawn to it. The cycle does not close
    before step k, because J_1 meets none of the other intervals. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands FixedPoints Escapes.
Import ListNotations.
Local Open Scope R_scope.

(** J_i, the bound d_i, and the cuts for f ≥ lo, f ≤ hi, f' ≥ -d, f' ≤ d. *)
Record arc_of (cuts : Type) := Arc {
  place : interval; bound : Q;
  to_lower : cuts; to_upper : cuts; slope_lower : cuts; slope_upper : cuts }.
Arguments Arc {cuts}. Arguments place {cuts}. Arguments bound {cuts}. Arguments to_lower {cuts}.
Arguments to_upper {cuts}. Arguments slope_lower {cuts}. Arguments slope_upper {cuts}.

(** Two intervals without a common point. *)
Definition apart (i j : interval) : bool := below (snd i) (fst j) || below (snd j) (fst i).

(** No point is in both. *)
Lemma apart_sound : forall i j x, apart i j = true -> inside i x -> inside j x -> False.
Proof.
  unfold inside; intros i j x H Hi Hj; apply orb_true_iff in H as [H|H]; apply QR_lt in H; lra.
Qed.

(** The point lies in the first interval, its image in the second, and so on. *)
Fixpoint visits (f : R -> R) (x : R) (places : list interval) : Prop :=
  match places with
  | [] => True
  | [i] => QR (fst i) <= x <= QR (snd i)
  | i :: places' => QR (fst i) <= x <= QR (snd i) /\ visits f (f x) places'
  end.

(** A map of an interval into itself that shrinks distances by a fixed factor. *)
Lemma contraction : forall F lo hi q, lo <= hi -> 0 <= q < 1 ->
  (forall x, lo <= x <= hi -> lo <= F x <= hi) ->
  (forall x y, lo <= x <= hi -> lo <= y <= hi -> Rabs (F y - F x) <= q * Rabs (y - x)) ->
  continuity F ->
  exists c, lo <= c <= hi /\ F c = c /\
    forall x, lo <= x <= hi -> is_lim_seq (fun n => Nat.iter n F x) c.
Proof.
  intros F lo hi q Hle Hq Hin Hlip Hc.
  destruct (intermediate_value (fun x => F x - x) hi lo 0) as [c [Hcin E]].
  - intros x; apply (continuity_pt_minus F id); [apply Hc|apply derivable_continuous_pt, derivable_pt_id].
  - pose proof (Hin lo ltac:(lra)); pose proof (Hin hi ltac:(lra)); lra.
  - rewrite Rmin_right, Rmax_left in Hcin by lra.
    exists c; split; [exact Hcin|split; [lra|intros x Hx]].
    assert (B : forall n, lo <= Nat.iter n F x <= hi /\
                Rabs (Nat.iter n F x - c) <= q ^ n * Rabs (x - c)).
    { induction n as [|n [I B]]; [simpl; split; [exact Hx|lra]|].
      change (Nat.iter (S n) F x) with (F (Nat.iter n F x)); split; [apply Hin, I|].
      pose proof (Hlip c (Nat.iter n F x) Hcin I) as L; replace (F c) with c in L by lra.
      simpl; rewrite Rmult_assoc; apply Rle_trans with (1 := L).
      apply Rmult_le_compat_l; lra. }
    apply is_lim_seq_le_le with (fun n => c - q ^ n * Rabs (x - c)) (fun n => c + q ^ n * Rabs (x - c)).
    + intros n; destruct (B n) as [_ Bn]; unfold Rabs at 1 in Bn; revert Bn.
      destruct (Rcase_abs (Nat.iter n F x - c)); lra.
    + replace (Finite c) with (Finite (c - 0 * Rabs (x - c))) by (f_equal; ring).
      apply is_lim_seq_minus'; [apply is_lim_seq_const|].
      apply is_lim_seq_mult'; [apply is_lim_seq_geom; rewrite Rabs_pos_eq; lra|apply is_lim_seq_const].
    + replace (Finite c) with (Finite (c + 0 * Rabs (x - c))) by (f_equal; ring).
      apply is_lim_seq_plus'; [apply is_lim_seq_const|].
      apply is_lim_seq_mult'; [apply is_lim_seq_geom; rewrite Rabs_pos_eq; lra|apply is_lim_seq_const].
Qed.

(** n rounds of k steps are n k steps. *)
Lemma iter_rounds : forall (f : R -> R) k n x,
  Nat.iter n (Nat.iter k f) x = Nat.iter (n * k) f x.
Proof.
  intros f k n x; induction n as [|n IH]; [reflexivity|].
  change (Nat.iter k f (Nat.iter n (Nat.iter k f) x) = Nat.iter (k + n * k) f x).
  rewrite IH; clear IH; induction k as [|k IH]; [reflexivity|].
  generalize (n * S k)%nat; clear; intros m.
  change (f (Nat.iter k f (Nat.iter m f x)) = f (Nat.iter (k + m) f x)); f_equal.
  induction k as [|k IH]; [reflexivity|].
  change (f (Nat.iter k f (Nat.iter m f x)) = f (Nat.iter (k + m) f x)); f_equal; exact IH.
Qed.

(** ** However an arc is shown *)

Section Arcs.

Context {cuts : Type}.
Variable holds : arc_of cuts -> interval -> bool.
Variables f f' : R -> R.
Hypothesis derivative : forall x, derivable_pt_lim f x (f' x).
Hypothesis holds_sound : forall a next x, holds a next = true -> inside (place a) x ->
  inside next (f x) /\ Rabs (f' x) <= QR (bound a).

(** By the mean value theorem f is d-Lipschitz on J. *)
Lemma arc_lipschitz : forall a next x y, holds a next = true ->
  inside (place a) x -> inside (place a) y -> Rabs (f y - f x) <= QR (bound a) * Rabs (y - x).
Proof.
  intros a next x y H Hx Hy.
  destruct (MVT_gen f x y f') as [t [Ht E]].
  - intros t _; apply is_derive_Reals, derivative.
  - intros t _; apply derivable_continuous_pt; exists (f' t); apply derivative.
  - assert (Hin : inside (place a) t).
    { unfold inside, Rmin, Rmax in *; destruct (Rle_dec x y); lra. }
    rewrite E, Rabs_mult; apply Rmult_le_compat_r; [apply Rabs_pos|apply (holds_sound a next t H Hin)].
Qed.

(** It is continuous, and so is running it several times. *)
Lemma rounds_continuous : forall k, continuity (run (repeat f k)).
Proof.
  induction k as [|k IH]; intros x; [apply derivable_continuous_pt, derivable_pt_id|].
  apply (continuity_pt_comp f (run (repeat f k))); [|apply IH].
  apply derivable_continuous_pt; exists (f' x); apply derivative.
Qed.

(** Every arc leads to the place of the next one, the last one to [first]. *)
Fixpoint arcs_hold (first : interval) (arcs : list (arc_of cuts)) : bool :=
  match arcs with
  | [] => true
  | a :: rest =>
      holds a match rest with [] => first | b :: _ => place b end && arcs_hold first rest
  end.

Fixpoint product (arcs : list (arc_of cuts)) : Q :=
  match arcs with [] => 1%Q | a :: rest => (bound a * product rest)%Q end.

Definition here (first : interval) (arcs : list (arc_of cuts)) : interval :=
  match arcs with [] => first | a :: _ => place a end.

(** Along the arcs: where the points are, how their distance shrinks, the
    derivative of the composition. *)
Lemma arcs_sound : forall first arcs, arcs_hold first arcs = true ->
  forall x, inside (here first arcs) x ->
    0 <= QR (product arcs) /\
    (forall j, (j <= length arcs)%nat -> inside (here first (skipn j arcs)) (run (repeat f j) x)) /\
    (forall y, inside (here first arcs) y ->
       Rabs (run (repeat f (length arcs)) y - run (repeat f (length arcs)) x)
         <= QR (product arcs) * Rabs (y - x)) /\
    exists d, derivable_pt_lim (run (repeat f (length arcs))) x d /\ Rabs d <= QR (product arcs).
Proof.
  intros first arcs; induction arcs as [|a rest IH]; intros H x Hx.
  - change (QR (product [])) with 1; simpl; split; [lra|split; [|split]].
    + intros j Hj; replace j with 0%nat by lia; exact Hx.
    + intros; lra.
    + exists 1; split; [apply derivable_pt_lim_id|rewrite Rabs_R1; lra].
  - simpl in H; apply andb_true_iff in H as [Ha Hrest]; fold (here first rest) in Ha.
    simpl in Hx; destruct (holds_sound a _ x Ha Hx) as [Hfx Hdb].
    destruct (IH Hrest (f x) Hfx) as [Hpos [Hin [Hlip [e [He Heb]]]]].
    assert (Hb : 0 <= QR (bound a)) by (pose proof (Rabs_pos (f' x)); lra).
    simpl product; rewrite QR_mult; split; [|split; [|split]].
    + apply Rmult_le_pos; assumption.
    + intros [|j] Hj; [exact Hx|apply Hin; simpl in Hj; lia].
    + intros y Hy; destruct (holds_sound a _ y Ha Hy) as [Hfy _].
      apply Rle_trans with (1 := Hlip (f y) Hfy).
      pose proof (arc_lipschitz a _ x y Ha Hx Hy); nra.
    + exists (e * f' x); split; [exact (derivable_pt_lim_comp f _ x (f' x) e (derivative x) He)|].
      rewrite Rabs_mult; pose proof (Rabs_pos (f' x)); pose proof (Rabs_pos e); nra.
Qed.

Definition cycles_test_by (first : interval) (arcs : list (arc_of cuts)) : bool :=
  match arcs with
  | [] => false
  | a :: rest =>
      within (place a) first && within first (place a) &&
      Qle_bool (fst first) (snd first) && arcs_hold first arcs &&
      below (product arcs) 1 && forallb (fun b => apart first (place b)) rest
  end.

(** The orbit of a point of the first interval runs through the others. *)
Lemma arcs_visits : forall first arcs, arcs_hold first arcs = true ->
  forall x, inside (here first arcs) x -> visits f x (map place arcs).
Proof.
  intros first arcs; induction arcs as [|a rest IH]; intros H x Hx; [exact I|].
  simpl in H; apply andb_true_iff in H as [Ha Hrest]; fold (here first rest) in Ha.
  simpl in Hx; destruct (holds_sound a _ x Ha Hx) as [Hfx _].
  pose proof (IH Hrest (f x) Hfx) as Hv.
  destruct rest; [exact Hx|split; [exact Hx|exact Hv]].
Qed.

(** A cycle of period exactly k, one point in each interval, with multiplier less
    than 1 in absolute value, to which every point of the first interval is drawn. *)
Theorem cycles_by : forall first arcs, cycles_test_by first arcs = true ->
  exists c, visits f c (map place arcs) /\
    Nat.iter (length arcs) f c = c /\
    (forall j, (0 < j < length arcs)%nat -> Nat.iter j f c <> c) /\
    (exists d, derivable_pt_lim (Nat.iter (length arcs) f) c d /\ Rabs d < 1) /\
    forall x, QR (fst first) <= x <= QR (snd first) ->
      is_lim_seq (fun n => Nat.iter (n * length arcs) f x) c.
Proof.
  intros first arcs H; destruct arcs as [|a rest]; [discriminate|].
  unfold cycles_test_by in H; set (arcs := a :: rest) in *.
  repeat (apply andb_true_iff in H as [H ?H]).
  rename H0 into Happart, H1 into Hprod, H2 into Harcs, H3 into Hle, H4 into Hfirst.
  apply QR_le in Hle; apply QR_lt in Hprod; change (QR 1) with 1 in Hprod.
  pose proof (arcs_sound first arcs Harcs) as S.
  assert (In : forall x, inside first x -> inside (here first arcs) x).
  { intros x; exact (within_sound first (place a) x Hfirst). }
  set (F := Nat.iter (length arcs) f).
  assert (E : forall x, F x = run (repeat f (length arcs)) x) by (intros; symmetry; apply run_repeat).
  destruct (contraction F (QR (fst first)) (QR (snd first)) (QR (product arcs)))
    as [c [Hc [Hfix Hlim]]].
  - exact Hle.
  - split; [|exact Hprod]; apply (S (QR (fst first))), In; unfold inside; lra.
  - intros x Hx; destruct (S x (In x Hx)) as [_ [Hin _]].
    specialize (Hin (length arcs) (Nat.le_refl _)); rewrite skipn_all in Hin; rewrite E; exact Hin.
  - intros x y Hx Hy; rewrite !E; apply (S x (In x Hx)), In, Hy.
  - apply continuity_ext with (run (repeat f (length arcs))); [exact E|].
    apply rounds_continuous.
  - exists c; split; [exact (arcs_visits first arcs Harcs c (In c Hc))|].
    split; [exact Hfix|split; [|split]].
    + intros j Hj Hback; destruct (S c (In c Hc)) as [_ [Hin _]].
      specialize (Hin j ltac:(lia)); rewrite run_repeat, Hback in Hin.
      destruct j as [|j]; [lia|]; unfold arcs in Hin, Hj; cbn [skipn length] in Hin, Hj.
      destruct (skipn j rest) as [|b more] eqn:Sk.
      { apply (f_equal (@length (arc_of cuts))) in Sk; rewrite skipn_length in Sk; simpl in Sk; lia. }
      assert (Hb : List.In b rest).
      { rewrite <- (firstn_skipn j rest), Sk; apply in_or_app; right; left; reflexivity. }
      rewrite forallb_forall in Happart.
      exact (apart_sound first (place b) c (Happart b Hb) Hc Hin).
    + destruct (S c (In c Hc)) as [_ [_ [_ [d [Hd Hdb]]]]]; exists d; split; [|lra].
      apply derivative_ext with (run (repeat f (length arcs))); [exact E|exact Hd].
    + intros x Hx; apply is_lim_seq_ext with (fun n => Nat.iter n F x); [|apply Hlim, Hx].
      intros n; apply iter_rounds.
Qed.

End Arcs.

(** ** By the rule in one variable *)

Definition arc := arc_of (list Q).

Definition arc_holds (r : row) (a : arc) (next : interval) : bool :=
  let (lo, hi) := place a in
  let d := rderivative (odd_part r) in
  step_holds 0 r (place a) (Step next (to_lower a) (to_upper a)) &&
  at_least_zero (radd d (constant (bound a))) lo (slope_lower a) hi &&
  at_least_zero (rsub (constant (bound a)) d) lo (slope_upper a) hi.

(** The derivative, as that polynomial in x. *)
Lemma written_derivative : forall r f x, is_written f r -> derivable_pt_lim f x (rvalue (rderivative (odd_part r)) x).
Proof.
  intros r f x Hf; apply derivative_ext with (rvalue (odd_part r)); [|apply rvalue_derivative].
  intros z; rewrite odd_part_value; apply Hf.
Qed.

(** What an arc says: f maps J into the next interval, with |f'| ≤ d. *)
Lemma arc_sound : forall r f a next x, is_written f r -> arc_holds r a next = true -> inside (place a) x ->
  inside next (f x) /\ Rabs (rvalue (rderivative (odd_part r)) x) <= QR (bound a).
Proof.
  intros r f a next x Hf H Hx; unfold arc_holds in H.
  destruct (place a) as [lo hi] eqn:P.
  apply andb_true_iff in H as [H Hup]; apply andb_true_iff in H as [H Hlow].
  split; [exact (step_exact r (lo, hi) _ f x Hf H Hx)|].
  pose proof (at_least_zero_sound _ _ _ _ Hlow x Hx) as A.
  pose proof (at_least_zero_sound _ _ _ _ Hup x Hx) as B.
  rewrite rvalue_add, rvalue_constant in A; rewrite rvalue_sub, rvalue_constant in B.
  apply Rabs_le; lra.
Qed.
