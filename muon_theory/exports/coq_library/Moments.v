(** * moments: means of φ, of (φ - 1)² and the variance, for x or log x spread evenly

    On each cell φ(x)/x is a polynomial model with an error, so φ and φ² lie
    between polynomials, whose integrals are rational numbers. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Schedule MeanSquare Models Integrals Logarithm.
From MuonTheory Require InBox.
Import ListNotations.
Local Open Scope R_scope.

(** The mean of h over [l, u], of the measure dx or dx/x. *)
Definition mean_over (logarithmic : bool) (l u : R) (h : R -> R) : R :=
  if logarithmic then RInt (fun x => h x / x) l u / ln (u / l) else RInt h l u / (u - l).

(** ** Cells *)

(** The measure is weight x dx; weight x · x is a polynomial in u. *)
Definition weight (logarithmic : bool) (x : R) : R := if logarithmic then / x else 1.
Definition density (logarithmic : bool) (a b : Q) : rpoly := if logarithmic then one else even_part (on_cell a b).

(** Polynomials between which φ, and φ², lie on a cell, each times the weight. *)
Definition first_by (sign : rpoly -> rpoly -> rpoly) (logarithmic : bool) (a b : Q) (m : model) : rpoly :=
  rmul (density logarithmic a b) (sign (even_part (fst m)) (even_part (snd m))).
Definition second_by (sign : rpoly -> rpoly -> rpoly) (logarithmic : bool) (a b : Q) (m : model) : rpoly :=
  let p := even_part (fst m) in
  let e := even_part (snd m) in
  let square := rmul p p in
  rmul (rmul (density logarithmic a b) (even_part (on_cell a b))) (sign square (rmul e (radd (radd square e) one))).

Definition integral_over (a b : Q) (r : rpoly) : Q := ((b - a) * integral r)%Q.
Definition length_by (log_bound : Q -> Q -> Q) (logarithmic : bool) (a b : Q) (_ : model) : Q :=
  if logarithmic then log_bound a b else (b - a)%Q.

Definition total (round : Q -> Z) (weigh : Q -> Q -> model -> Q) : Q -> list Q -> Q -> list (list model) -> Z :=
  fix sum a points b cells :=
    match points, cells with
    | [], [steps] => round (weigh a b (List.last steps model_one))
    | p :: points', steps :: cells' => (round (weigh a p (List.last steps model_one)) + sum p points' b cells')%Z
    | _, _ => 0%Z
    end.

(** An integral lies between the sums of its bounds on the cells. *)
Lemma total_sound : forall (holds : Q -> Q -> list model -> bool) low high (H : R -> R) least,
  (forall x y, least <= x -> x <= y -> ex_RInt H x y) ->
  (forall a b steps, least <= QR a -> QR a < QR b -> holds a b steps = true ->
     let m := List.last steps model_one in QR (low a b m) <= RInt H (QR a) (QR b) <= QR (high a b m)) ->
  forall points cells a b, least <= QR a -> all_cells holds a points b cells = true ->
  QR a < QR b /\
  QR (total rounded_down low a points b cells # unit) <= RInt H (QR a) (QR b)
    <= QR (total rounded_up high a points b cells # unit).
Proof.
  intros holds low high H least Hex B; induction points as [|p points IH]; intros [|steps cells] a b Ha Hc;
    cbn [all_cells total] in *; try discriminate.
  - destruct cells; [|discriminate]; apply andb_true_iff in Hc as [L Hc]; apply QR_lt in L.
    split; [exact L|]; pose proof (B a b steps Ha L Hc) as Hb; cbn beta zeta in Hb.
    split; eapply Rle_trans; [apply rounded_down_sound|apply Hb|apply Hb|apply rounded_up_sound].
  - apply andb_true_iff in Hc as [Hc Hrest]; apply andb_true_iff in Hc as [L Hc]; apply QR_lt in L.
    destruct (IH cells p b ltac:(lra) Hrest) as [L' Hb']; pose proof (B a p steps Ha L Hc) as Hb; cbn beta zeta in Hb.
    split; [lra|].
    rewrite <- (RInt_Chasles H (QR a) (QR p) (QR b)) by (apply Hex; lra); unfold plus; simpl.
    rewrite !QR_units.
    pose proof (rounded_down_sound (low a p (List.last steps model_one))).
    pose proof (rounded_up_sound (high a p (List.last steps model_one))); unfold total in *; lra.
Qed.

Lemma weight_continuous : forall logarithmic x, (logarithmic = true -> 0 < x) -> continuity_pt (weight logarithmic) x.
Proof.
  intros [|] x Hx; unfold weight.
  - apply (continuity_pt_inv id); [apply derivable_continuous_pt, derivable_pt_id|]; specialize (Hx eq_refl); unfold id; lra.
  - apply continuity_pt_const; intros y z; reflexivity.
Qed.

Lemma weighted_integrable : forall logarithmic h least, continuity h -> (logarithmic = true -> 0 < least) ->
  forall x y, least <= x -> x <= y -> ex_RInt (fun x => h x * weight logarithmic x) x y.
Proof.
  intros logarithmic h least Hh Hl x y Hx Hxy; apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros z Hz.
  rewrite Rmin_left in Hz by lra; apply continuity_pt_filterlim, continuity_pt_mult; [apply Hh|].
  apply weight_continuous; intros E; specialize (Hl E); lra.
Qed.

(** The integral of the weight. *)
Lemma weight_integral : forall logarithmic l u, l < u -> (logarithmic = true -> 0 < l) ->
  RInt (weight logarithmic) l u = if logarithmic then ln (u / l) else u - l.
Proof.
  intros [|] l u Hlu Hl; unfold weight.
  - specialize (Hl eq_refl); apply is_RInt_unique.
    replace (ln (u / l)) with (minus (ln u) (ln l)).
    + apply (is_RInt_derive ln (fun x => / x)); intros x Hx; rewrite Rmin_left in Hx by lra.
      * auto_derive; [lra|ring].
      * apply continuity_pt_filterlim, (continuity_pt_inv id); [apply derivable_continuous_pt, derivable_pt_id|unfold id; lra].
    + unfold minus, plus, opp, Rdiv; simpl.
      rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; lra); ring.
  - rewrite RInt_const; unfold scal; simpl; unfold mult; simpl; ring.
Qed.

Lemma mean_over_value : forall logarithmic l u h, l < u -> (logarithmic = true -> 0 < l) ->
  mean_over logarithmic l u h = RInt (fun x => h x * weight logarithmic x) l u / RInt (weight logarithmic) l u.
Proof.
  intros [|] l u h Hlu Hl; rewrite (weight_integral _ l u Hlu Hl); unfold mean_over, weight; [reflexivity|].
  f_equal; apply RInt_ext; intros x _; symmetry; apply Rmult_1_r.
Qed.

(** What a cell shows of φ at its points. *)
Definition cell_holds (rows : list row) (logarithmic : bool) (a b : Q) (steps : list model) : bool :=
  models_hold (in_u (on_cell a b)) rows model_one steps (fun _ => true) &&
  (negb logarithmic || (below 0 a && Qle_bool b (2 * a))).

Section Cell.

Variables (rows : list row) (fs : list (R -> R)) (logarithmic : bool) (a b : Q) (steps : list model).
Hypothesis written : written_as fs rows.
Hypothesis holds : cell_holds rows logarithmic a b steps = true.
Hypothesis nonnegative : 0 <= QR a.
Hypothesis proper : QR a < QR b.

Let m := List.last steps model_one.

Lemma cell_log : logarithmic = true -> 0 < QR a /\ QR b <= 2 * QR a.
Proof.
  intros E; pose proof holds as H; apply andb_true_iff in H as [_ H]; rewrite E in H; cbn [negb orb] in H.
  apply andb_true_iff in H as [A B]; apply QR_lt in A; apply QR_le in B; rewrite QR_mult in B.
  change (QR 0) with 0 in A; change (QR 2) with 2 in B; auto.
Qed.

Lemma cell_bounds : forall x, QR a < x < QR b -> let u := (x - QR a) / (QR b - QR a) in
  rvalue (first_by rsub logarithmic a b m) u <= run fs x * weight logarithmic x <= rvalue (first_by radd logarithmic a b m) u /\
  rvalue (second_by rsub logarithmic a b m) u <= run fs x ^ 2 * weight logarithmic x
    <= rvalue (second_by radd logarithmic a b m) u.
Proof.
  intros x Hx u; pose proof holds as H; apply andb_true_iff in H as [H _].
  destruct (cell_sound rows fs a b steps _ x written H proper ltac:(lra)) as [rho [_ [Hn E]]].
  fold m u in Hn; unfold near, valued in Hn.
  assert (X : rvalue (even_part (on_cell a b)) u = x).
  { change (valued (on_cell a b) u = x); rewrite on_cell_value; unfold u; field; lra. }
  assert (W : rvalue (density logarithmic a b) u = weight logarithmic x * x).
  { unfold density, weight; destruct logarithmic; [rewrite rvalue_one; field; lra|rewrite X; ring]. }
  assert (W0 : 0 <= rvalue (density logarithmic a b) u).
  { unfold density; destruct logarithmic; [rewrite rvalue_one; lra|rewrite X; lra]. }
  unfold first_by, second_by.
  rewrite !rvalue_mul, !rvalue_sub, !rvalue_add, !rvalue_mul, !rvalue_add, !rvalue_mul, rvalue_one, X.
  rewrite E; replace (x * rho * weight logarithmic x) with (rvalue (density logarithmic a b) u * rho) by (rewrite W; ring).
  replace ((x * rho) ^ 2 * weight logarithmic x) with (rvalue (density logarithmic a b) u * x * rho ^ 2) by (rewrite W; ring).
  set (D := rvalue (density logarithmic a b) u) in *; clearbody D.
  set (p := rvalue (even_part (fst m)) u) in *; set (e := rvalue (even_part (snd m)) u) in *; clearbody p e.
  assert (Hd : - e <= rho - p <= e) by (unfold Rabs in Hn; destruct (Rcase_abs (rho - p)); lra).
  split; [split; apply Rmult_le_compat_l; lra|].
  assert (Hdx : 0 <= D * x) by (apply Rmult_le_pos; lra).
  assert (S : p * p - e * (p * p + e + 1) <= rho ^ 2 <= p * p + e * (p * p + e + 1)).
  { replace (rho ^ 2) with ((p + (rho - p)) ^ 2) by ring; set (d := rho - p) in *; clearbody d.
    assert (0 <= e) by lra.
    pose proof (Rmult_le_pos (e - d) (e + d) ltac:(lra) ltac:(lra)) as De.
    pose proof (Rmult_le_pos ((p - 1) ^ 2) (e + d) (pow2_ge_0 _) ltac:(lra)) as A1.
    pose proof (Rmult_le_pos ((p - 1) ^ 2) (e - d) (pow2_ge_0 _) ltac:(lra)) as A2.
    pose proof (Rmult_le_pos ((p + 1) ^ 2) (e + d) (pow2_ge_0 _) ltac:(lra)) as A3.
    pose proof (Rmult_le_pos ((p + 1) ^ 2) (e - d) (pow2_ge_0 _) ltac:(lra)) as A4.
    pose proof (pow2_ge_0 d); pose proof (pow2_ge_0 e); split; nra. }
  split; apply Rmult_le_compat_l; lra.
Qed.

Lemma cell_first : QR (integral_over a b (first_by rsub logarithmic a b m))
  <= RInt (fun x => run fs x * weight logarithmic x) (QR a) (QR b)
  <= QR (integral_over a b (first_by radd logarithmic a b m)).
Proof.
  unfold integral_over; rewrite !QR_mult, !QR_minus; apply between_integrals; [exact proper| |intros x Hx; apply cell_bounds, Hx].
  apply (weighted_integrable logarithmic (run fs) (QR a) (run_continuous rows fs written)); [intros E; apply (cell_log E)|lra|lra].
Qed.

Lemma square_continuous : continuity (fun x => run fs x ^ 2).
Proof.
  intros x; apply (continuity_pt_comp (run fs) (fun y => y ^ 2)); [apply (run_continuous rows fs written)|].
  apply derivable_continuous_pt; exists (INR 2 * run fs x ^ 1); apply derivable_pt_lim_pow.
Qed.

Lemma cell_second : QR (integral_over a b (second_by rsub logarithmic a b m))
  <= RInt (fun x => run fs x ^ 2 * weight logarithmic x) (QR a) (QR b)
  <= QR (integral_over a b (second_by radd logarithmic a b m)).
Proof.
  unfold integral_over; rewrite !QR_mult, !QR_minus; apply between_integrals; [exact proper| |intros x Hx; apply cell_bounds, Hx].
  apply (weighted_integrable logarithmic _ (QR a) square_continuous); [intros E; apply (cell_log E)|lra|lra].
Qed.

Lemma cell_length : QR (length_by log_low logarithmic a b m) <= RInt (weight logarithmic) (QR a) (QR b)
  <= QR (length_by log_high logarithmic a b m).
Proof.
  rewrite (weight_integral logarithmic (QR a) (QR b) proper); [|intros E; apply (cell_log E)].
  pose proof cell_log as L; unfold length_by; destruct logarithmic; [|rewrite QR_minus; lra].
  destruct (L eq_refl) as [A B]; apply log_bounds; assumption.
Qed.

End Cell.

(** ** Means *)

Definition least_of (p q : Q) : Q := if Qle_bool p q then p else q.
Definition greatest_of (p q : Q) : Q := if Qle_bool p q then q else p.

Lemma least_of_sound : forall p q, QR (least_of p q) <= QR p /\ QR (least_of p q) <= QR q.
Proof.
  intros p q; unfold least_of; destruct (Qle_bool p q) eqn:E; [apply QR_le in E; lra|].
  apply negative_test in E; lra.
Qed.
Lemma greatest_of_sound : forall p q, QR p <= QR (greatest_of p q) /\ QR q <= QR (greatest_of p q).
Proof.
  intros p q; unfold greatest_of; destruct (Qle_bool p q) eqn:E; [apply QR_le in E; lra|].
  apply negative_test in E; lra.
Qed.

(** Quotients of numbers of units, the second one positive. *)
Definition over (m n : Z) : Q := m # Z.to_pos n.
Definition quotient_low (m l0 l1 : Z) : Q := least_of (over m l0) (over m l1).
Definition quotient_high (m l0 l1 : Z) : Q := greatest_of (over m l0) (over m l1).

Lemma over_value : forall m n, (0 < n)%Z -> QR (over m n) * IZR n = IZR m.
Proof.
  intros m n Hn; unfold over; rewrite QR_quotient; cbn [Qnum Qden]; rewrite Z2Pos.id by exact Hn.
  field; apply Rgt_not_eq, IZR_lt, Hn.
Qed.

Lemma quotient_bounds : forall m0 m1 l0 l1 M L, (0 < l0)%Z ->
  QR (l0 # unit) <= L <= QR (l1 # unit) -> QR (m0 # unit) <= M <= QR (m1 # unit) ->
  0 < L /\ QR (quotient_low m0 l0 l1) <= M / L <= QR (quotient_high m1 l0 l1).
Proof.
  intros m0 m1 l0 l1 M L Hl0 HL HM; rewrite !QR_quotient in HL, HM; cbn [Qnum Qden] in HL, HM.
  set (c := IZR (Zpos unit)) in *; assert (Hc : 0 < c) by (apply positive_real).
  assert (Scale : forall n, IZR n = IZR n / c * c) by (intros; field; lra).
  assert (P0 : 0 < IZR l0) by (apply IZR_lt, Hl0).
  assert (L0 : 0 < L).
  { apply Rlt_le_trans with (2 := proj1 HL); apply Rdiv_lt_0_compat; assumption. }
  assert (A0 : IZR l0 <= L * c) by (rewrite (Scale l0); apply Rmult_le_compat_r; lra).
  assert (A1 : L * c <= IZR l1) by (rewrite (Scale l1); apply Rmult_le_compat_r; lra).
  assert (B0 : IZR m0 <= M * c) by (rewrite (Scale m0); apply Rmult_le_compat_r; lra).
  assert (B1 : M * c <= IZR m1) by (rewrite (Scale m1); apply Rmult_le_compat_r; lra).
  assert (Hl1 : (0 < l1)%Z) by (apply lt_IZR; lra).
  split; [exact L0|].
  assert (E : M / L = M * c / (L * c)) by (field; split; lra); rewrite E.
  assert (HLc : 0 < L * c) by (apply Rmult_lt_0_compat; lra).
  set (y := M * c) in *; set (z := L * c) in *; clearbody y z.
  assert (Y : y / z * z = y) by (field; lra).
  pose proof (over_value m0 l0 Hl0) as V00; pose proof (over_value m0 l1 Hl1) as V01.
  pose proof (over_value m1 l0 Hl0) as V10; pose proof (over_value m1 l1 Hl1) as V11.
  destruct (least_of_sound (over m0 l0) (over m0 l1)) as [G0 G1].
  destruct (greatest_of_sound (over m1 l0) (over m1 l1)) as [K0 K1].
  unfold quotient_low, quotient_high; split; apply Rmult_le_reg_r with z; try exact HLc; rewrite Y.
  - destruct (Rle_lt_dec 0 (IZR m0)) as [N|N].
    + assert (0 <= QR (over m0 l1)) by (apply Rmult_le_reg_r with (IZR l1); lra).
      pose proof (Rmult_le_compat_l _ _ _ H A1); pose proof (Rmult_le_compat_r z _ _ ltac:(lra) G1); lra.
    + assert (QR (over m0 l0) <= 0) by (apply Rmult_le_reg_r with (IZR l0); lra).
      pose proof (Rmult_le_compat_neg_l _ _ _ H A0); pose proof (Rmult_le_compat_r z _ _ ltac:(lra) G0); lra.
  - destruct (Rle_lt_dec 0 (IZR m1)) as [N|N].
    + assert (0 <= QR (over m1 l0)) by (apply Rmult_le_reg_r with (IZR l0); lra).
      pose proof (Rmult_le_compat_l _ _ _ H A0); pose proof (Rmult_le_compat_r z _ _ ltac:(lra) K0); lra.
    + assert (QR (over m1 l1) <= 0) by (apply Rmult_le_reg_r with (IZR l1); lra).
      pose proof (Rmult_le_compat_neg_l _ _ _ H A1); pose proof (Rmult_le_compat_r z _ _ ltac:(lra) K1); lra.
Qed.

Definition moments_test (rows : list row) (over : interval) (logarithmic : bool) (mean square_mean variance : interval)
    (points : list Q) (cells : list (list model)) : bool :=
  let sum round weigh := total round weigh (fst over) points (snd over) cells in
  let by_model bound a b m := integral_over a b (bound a b m) in
  let l0 := sum rounded_down (length_by log_low logarithmic) in
  let l1 := sum rounded_up (length_by log_high logarithmic) in
  let m0 := quotient_low (sum rounded_down (by_model (first_by rsub logarithmic))) l0 l1 in
  let m1 := quotient_high (sum rounded_up (by_model (first_by radd logarithmic))) l0 l1 in
  let q0 := quotient_low (sum rounded_down (by_model (second_by rsub logarithmic))) l0 l1 in
  let q1 := quotient_high (sum rounded_up (by_model (second_by radd logarithmic))) l0 l1 in
  Qle_bool 0 (fst over) && all_cells (cell_holds rows logarithmic) (fst over) points (snd over) cells &&
  Z.ltb 0 l0 &&
  within (m0, m1) mean && within (q0 - 2 * m1 + 1, q1 - 2 * m0 + 1)%Q square_mean &&
  within (q0 - greatest_of (square m0) (square m1), q1 - square (greatest_of 0 (greatest_of m0 (- m1))))%Q variance.

Theorem moments : forall rows fs over logarithmic mean square_mean variance points cells, written_as fs rows ->
  moments_test rows over logarithmic mean square_mean variance points cells = true ->
  let E := mean_over logarithmic (QR (fst over)) (QR (snd over)) in
  inside mean (E (run fs)) /\ inside square_mean (E (fun x => (run fs x - 1) ^ 2)) /\
  inside variance (E (fun x => run fs x ^ 2) - E (run fs) ^ 2).
Proof.
  intros rows fs [l u] logarithmic mean square_mean variance points cells Hw H E; unfold moments_test in H; cbn [fst snd] in *.
  repeat (apply andb_true_iff in H as [H ?H]).
  rename H into Hl, H4 into Hcells, H3 into Hpos, H2 into Hmean, H1 into Hsquare, H0 into Hvar.
  apply QR_le in Hl; change (QR 0) with 0 in Hl; apply Z.ltb_lt in Hpos.
  assert (Hlog : logarithmic = true -> 0 < QR l).
  { intros Elog; destruct points as [|p points], cells as [|steps cells]; cbn [all_cells] in Hcells; try discriminate.
    - destruct cells; [|discriminate]; apply andb_true_iff in Hcells as [_ Hc]; apply (cell_log _ _ _ _ _ Hc Elog).
    - apply andb_true_iff in Hcells as [Hc _]; apply andb_true_iff in Hc as [_ Hc]; apply (cell_log _ _ _ _ _ Hc Elog). }
  pose proof (run_continuous rows fs Hw) as C1; pose proof (square_continuous rows fs Hw) as C2.
  assert (C0 : continuity (fct_cte 1)) by (intros x; apply continuity_pt_const; intros y z; reflexivity).
  pose proof (weighted_integrable logarithmic (fct_cte 1) (QR l) C0 Hlog) as X0.
  pose proof (weighted_integrable logarithmic (run fs) (QR l) C1 Hlog) as X1.
  pose proof (weighted_integrable logarithmic _ (QR l) C2 Hlog) as X2; cbn beta in X2.
  assert (X0' : forall x y, QR l <= x -> x <= y -> ex_RInt (weight logarithmic) x y).
  { intros x y Hx Hy; refine (ex_RInt_ext _ _ x y _ (X0 x y Hx Hy)); intros z _; apply Rmult_1_l. }
  destruct (total_sound (cell_holds rows logarithmic) _ _ (weight logarithmic) (QR l) X0'
    (fun a b steps Ha Hab Hc => cell_length rows logarithmic a b steps Hc Hab) points cells l u (Rle_refl _) Hcells) as [Hlu S0].
  destruct (total_sound (cell_holds rows logarithmic) (fun a b m => integral_over a b (first_by rsub logarithmic a b m))
    (fun a b m => integral_over a b (first_by radd logarithmic a b m)) _ (QR l) X1
    (fun a b steps Ha Hab Hc => cell_first rows fs logarithmic a b steps Hw Hc (Rle_trans _ _ _ Hl Ha) Hab)
    points cells l u (Rle_refl _) Hcells) as [_ S1].
  destruct (total_sound (cell_holds rows logarithmic) (fun a b m => integral_over a b (second_by rsub logarithmic a b m))
    (fun a b m => integral_over a b (second_by radd logarithmic a b m)) _ (QR l) X2
    (fun a b steps Ha Hab Hc => cell_second rows fs logarithmic a b steps Hw Hc (Rle_trans _ _ _ Hl Ha) Hab)
    points cells l u (Rle_refl _) Hcells) as [_ S2].
  destruct (quotient_bounds _ _ _ _ _ _ Hpos S0 S1) as [L0 B1]; destruct (quotient_bounds _ _ _ _ _ _ Hpos S0 S2) as [_ B2].
  set (L := RInt (weight logarithmic) (QR l) (QR u)) in *.
  set (M := RInt (fun x => run fs x * weight logarithmic x) (QR l) (QR u)) in *.
  set (S := RInt (fun x => run fs x ^ 2 * weight logarithmic x) (QR l) (QR u)) in *.
  assert (E1 : E (run fs) = M / L) by (unfold E; rewrite mean_over_value; auto).
  assert (E2 : E (fun x => run fs x ^ 2) = S / L) by (unfold E; rewrite mean_over_value; auto).
  assert (E3 : E (fun x => (run fs x - 1) ^ 2) = S / L - 2 * (M / L) + 1).
  { unfold E; rewrite mean_over_value by auto; fold L.
    replace (RInt (fun x => (run fs x - 1) ^ 2 * weight logarithmic x) (QR l) (QR u)) with (S - 2 * M + L); [field; lra|].
    symmetry; apply is_RInt_unique.
    apply is_RInt_ext with (fun x => run fs x ^ 2 * weight logarithmic x - 2 * (run fs x * weight logarithmic x) + weight logarithmic x).
    { intros x _; match goal with |- ?a = ?b => change (@eq R a b) end; ring. }
    apply (is_RInt_plus (fun x => run fs x ^ 2 * weight logarithmic x - 2 * (run fs x * weight logarithmic x)) (weight logarithmic)).
    - apply (is_RInt_minus (fun x => run fs x ^ 2 * weight logarithmic x) (fun x => 2 * (run fs x * weight logarithmic x))).
      + apply (RInt_correct (V := R_CompleteNormedModule)), X2; lra.
      + apply (is_RInt_scal (fun x => run fs x * weight logarithmic x) _ _ 2).
        apply (RInt_correct (V := R_CompleteNormedModule)), X1; lra.
    - apply (RInt_correct (V := R_CompleteNormedModule)), X0'; lra. }
  rewrite E1, E2, E3; set (mu := M / L) in *; set (sigma := S / L) in *; clearbody mu sigma.
  clear E1 E2 E3 S0 S1 S2 X0 X0' X1 X2 C0 C1 C2 Hcells.
  match type of B1 with QR ?a <= _ <= QR ?b => set (m0 := a) in *; set (m1 := b) in * end.
  match type of B2 with QR ?a <= _ <= QR ?b => set (q0 := a) in *; set (q1 := b) in * end.
  split; [|split].
  - apply (within_sound _ _ _ Hmean); exact B1.
  - apply (within_sound _ _ _ Hsquare); unfold inside; cbn [fst snd].
    rewrite !QR_plus, !QR_minus, !QR_mult; change (QR 2) with 2; change (QR 1) with 1; lra.
  - apply (within_sound _ _ _ Hvar); unfold inside; cbn [fst snd].
    rewrite !QR_minus, QR_square.
    destruct (greatest_of_sound (square m0) (square m1)) as [G0 G1]; rewrite !QR_square in G0, G1.
    destruct (greatest_of_sound 0 (greatest_of m0 (- m1))) as [K0 K]; destruct (greatest_of_sound m0 (- m1)) as [K1 K2].
    rewrite QR_opp in K2; change (QR 0) with 0 in K0.
    assert (Cases : QR (greatest_of 0 (greatest_of m0 (- m1))) = 0 \/
      QR (greatest_of 0 (greatest_of m0 (- m1))) = QR m0 \/ QR (greatest_of 0 (greatest_of m0 (- m1))) = - QR m1).
    { clear; unfold greatest_of; destruct (Qle_bool m0 (- m1)); destruct (Qle_bool 0 _); rewrite ?QR_opp; auto. }
    set (top := QR (greatest_of (square m0) (square m1))) in *; clearbody top.
    set (least := QR (greatest_of 0 (greatest_of m0 (- m1)))) in *; clearbody least.
    assert (Up : mu ^ 2 <= top) by (destruct (Rle_lt_dec 0 mu); nra).
    assert (Down : least ^ 2 <= mu ^ 2).
    { destruct Cases as [Z|[Z|Z]]; rewrite Z in *; [pose proof (pow2_ge_0 mu); lra| |].
      - apply square_le; lra.
      - replace (mu ^ 2) with ((- mu) ^ 2) by ring; apply square_le; lra. }
    lra.
Qed.
