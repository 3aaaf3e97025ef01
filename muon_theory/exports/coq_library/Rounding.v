(** * One rounded step: tier W of docs/precision.md

    X is m × n, ‖X‖₂ ≤ s, ‖X‖ ≤ F: by how much what runs in place of f(X) differs
    from it, in the Frobenius norm, for whatever the arithmetic returns. *)

From Coq Require Import Reals List Lra Lia.
From MuonTheory Require Import RoundedSums Vectors Matrices MatrixPolynomials Eigenbases SpectralBounds RoundedProducts RoundedSteps.
Import ListNotations.
Local Open Scope R_scope.

Section Bound.

Variable c : setting.
Notation ar := (arithmetic_of c).
Notation Kn := (first_roundings c).
Notation Km := (roundings_of c).
Notation Lm := (least_roundings c).
Notation m := (rows c).
Notation n := (columns c).
Notation gn := (first_gamma c).
Notation γ := (gamma_of c).
Notation gl := (least_gamma c).
Notation s := (top c).
Notation F := (frobenius c).
Notation γ' := (gamma_product ar γ).
Notation y := (s ^ 2).
Hypothesis constants : constants_hold c.

Lemma sound : sensible ar.
Proof. apply constants. Qed.
Lemma later : (Km <= Lm + 2)%nat.
Proof. apply constants. Qed.
Lemma rank_bound : sqrt (INR m) <= rank c.
Proof. apply constants. Qed.
Lemma side_bound : sqrt (INR m * INR m) <= side c.
Proof. rewrite sqrt_square by apply pos_INR; apply constants. Qed.
Lemma γ_bounds : gamma ar Kn <= gn /\ gamma ar Km <= γ /\ gamma ar Lm <= gl /\ sqrt (INR m * INR n) <= area c.
Proof. destruct constants as (_ & _ & A & B & C & _ & _ & D); auto. Qed.

Lemma gl_nonnegative : 0 <= gl.
Proof. destruct γ_bounds as (_ & _ & G & _); apply Rle_trans with (1 := gamma_nonnegative ar sound Lm), G. Qed.
Lemma side_nonnegative : 0 <= side c.
Proof. apply Rle_trans with (sqrt (INR m * INR m)); [apply sqrt_pos|apply side_bound]. Qed.
Lemma area_nonnegative : 0 <= area c.
Proof. destruct γ_bounds as (_ & _ & _ & G); apply Rle_trans with (sqrt (INR m * INR n)); [apply sqrt_pos|exact G]. Qed.

Variable X : matrix.
Hypothesis X_size : spectral m n X s.
Hypothesis X_norm : norm m n X <= F.

Notation A0 := (times n X (transpose X)).

Lemma s_nonnegative : 0 <= s.
Proof. apply X_size. Qed.
Lemma F_nonnegative : 0 <= F.
Proof. apply Rle_trans with (1 := norm_nonnegative m n X), X_norm. Qed.
Lemma A0_size : spectral m m A0 y.
Proof. replace y with (s * s) by ring; apply spectral_times; [exact X_size|apply spectral_transpose, X_size]. Qed.
Lemma A0_norm : norm m m A0 <= s * F.
Proof.
  eapply Rle_trans; [apply norm_spectral_left, X_size|]; rewrite norm_transpose.
  apply Rmult_le_compat_l; [apply s_nonnegative|exact X_norm].
Qed.
Lemma y_inside : 0 <= y <= y.
Proof. split; [apply pow2_ge_0|lra]. Qed.

(** An entry is at most the spectral norm. *)
Lemma entry_spectral : forall i j, (i < m)%nat -> (j < n)%nat -> Rabs (X i j) <= s.
Proof.
  intros i j Hi Hj; destruct X_size as [Hs H]; specialize (H (fun l => one j l)).
  assert (E : size n (fun l => one j l) = 1).
  { unfold size; rewrite (sum_ext n _ (fun l => one j l * one j l)) by (intros; ring).
    rewrite (sum_one n j (fun l => one j l)) by exact Hj; unfold one; rewrite Nat.eqb_refl; apply sqrt_1. }
  rewrite E, Rmult_1_r in H; eapply Rle_trans; [|exact H].
  apply Rsqr_incr_0_var; [|apply size_nonnegative]; rewrite <- Rsqr_abs; unfold Rsqr.
  replace (size m (fun i0 => sum n (fun j0 => X i0 j0 * one j j0)) * size m (fun i0 => sum n (fun j0 => X i0 j0 * one j j0)))
    with (size m (fun i0 => sum n (fun j0 => X i0 j0 * one j j0)) ^ 2) by ring.
  rewrite size_squared; eapply Rle_trans; [right|apply (sum_term m _ i Hi); intros; apply pow2_ge_0]; cbv beta.
  rewrite (sum_ext n _ (fun l => one j l * X i l)) by (intros; ring); rewrite (sum_one n j (X i)) by exact Hj; ring.
Qed.

Section Computed.

Variables (a : R) (row : list R) (b : step_bound).
Hypothesis holds : bound_holds c a row b.
Variable A : matrix.
Hypothesis gram : exists C, product ar Kn m n m 1 X (transpose X) 0 zero C /\ stored ar m m C A.

Notation E := (minus A A0).

Lemma gram_error : norm m m E <= e1 b.
Proof.
  unfold bound_holds in holds; destruct (before _ _ _) as [[α e2] P]; destruct holds as [H _]; destruct gram as [C [HC HS]].
  eapply Rle_trans; [|exact H].
  destruct γ_bounds as [Gn _].
  pose proof (stored_product ar sound Kn Kn m n m gn gn (side c) 1 0 X (transpose X) zero C A F F 0 s (s * F) ltac:(lia) Gn Gn
    side_bound HC HS X_norm) as G.
  rewrite norm_transpose, norm_zero in G; specialize (G X_norm ltac:(lra) entry_spectral (fun l j Hl Hj => entry_spectral j l Hj Hl)).
  replace (plus (scale 1 A0) (scale 0 zero)) with A0 in G by sums_of_matrices; specialize (G A0_norm).
  eapply Rle_trans; [exact G|right]; unfold sums; rewrite Rabs_R1, Rabs_R0, (Rmax_left 1 0) by lra.
  f_equal; f_equal; ring.
Qed.

Lemma A_sum : A = plus A0 E.
Proof. sums_of_matrices. Qed.
Lemma A_bound : norm m m A <= A_norm b.
Proof.
  pose proof gram_error as G; unfold bound_holds in holds; destruct (before _ _ _) as [[α e2] P]; destruct holds as [_ [H _]].
  rewrite A_sum; eapply Rle_trans; [apply norm_triangle|]; pose proof A0_norm; lra.
Qed.
Lemma A_size : spectral m m A (y + e1 b).
Proof.
  rewrite A_sum; apply spectral_plus; [apply A0_size|].
  apply spectral_le with (norm m m E); [apply spectral_norm|apply gram_error].
Qed.

(** ‖p(A)‖. *)
Lemma exact_norm_bound : forall r v, least_below (ratio v * (s * F)) (rank c * value v) (exact_norm v - (slope v * e1 b + remainder r y (e1 b))) ->
  (forall t, 0 <= t <= y -> Rabs (quotient r t) <= ratio v) -> (forall t, 0 <= t <= y -> Rabs (at_ r t) <= value v) ->
  (forall t t', 0 <= t <= y -> 0 <= t' <= y -> Rabs (divided r t t') <= slope v) -> norm m m (of_matrix m r A) <= exact_norm v.
Proof.
  intros r v H Hq Hv Hs.
  assert (Q0 : 0 <= ratio v) by (eapply Rle_trans; [apply Rabs_pos|apply (Hq y y_inside)]).
  assert (V0 : 0 <= value v) by (eapply Rle_trans; [apply Rabs_pos|apply (Hv y y_inside)]).
  assert (S0 : 0 <= slope v) by (eapply Rle_trans; [apply Rabs_pos|apply (Hs y y y_inside y_inside)]).
  assert (N : norm m m (of_matrix m r A0) <= exact_norm v - (slope v * e1 b + remainder r y (e1 b))).
  { destruct H as [H|H]; (eapply Rle_trans; [|exact H]).
    - eapply Rle_trans; [apply (gram_polynomial m n X s X_size r (ratio v) Q0 Hq)|].
      apply Rmult_le_compat_l; [exact Q0|apply A0_norm].
    - eapply Rle_trans; [apply (gram_polynomial_rank m n X s X_size r (value v) V0 Hv)|].
      apply Rmult_le_compat_r; [exact V0|exact rank_bound]. }
  pose proof (remainder_bound m A0 E y (e1 b) A0_size gram_error r) as R.
  pose proof (gram_derivative m n X s X_size r E (slope v) S0 Hs) as D.
  pose proof (Rmult_le_compat_l _ _ _ S0 gram_error); rewrite <- A_sum in R.
  set (B := of_matrix m r A) in *; set (B0 := of_matrix m r A0) in *; set (d := derivative m r A0 E) in *.
  replace B with (plus (plus B0 d) (minus (minus B B0) d)) by sums_of_matrices.
  eapply Rle_trans; [apply norm_triangle|]; pose proof (norm_triangle m m B0 d); lra.
Qed.

(** The stages: what each stores is near p(A). *)
Lemma stages_error : forall r α P, evaluated ar Km m A r α P -> forall bs, stages_hold c (e1 b) (A_norm b) r bs ->
  match before (A_norm b) r bs with (α', e2, size) =>
    Rabs α = α' /\ norm m m (minus (scale α P) (of_matrix m r A)) <= e2 /\ norm m m P <= size end.
Proof.
  intros r α P H; induction H as [k|k r α H C P EH IH HC HP]; intros bs Hbs.
  - destruct bs as [|v bs]; [simpl|rewrite stages_hold_cons in Hbs; destruct (before _ [] bs) as [[? ?] ?]; destruct Hbs as [_ []]].
    repeat split; [|apply A_bound].
    replace (minus (scale k A) (plus (scale k A) (times m A zero))) with zero by (rewrite times_zero_right; sums_of_matrices).
    rewrite norm_zero; lra.
  - destruct bs as [|v bs]; [destruct r; [inversion EH|contradiction]|].
    rewrite stages_hold_cons in Hbs.
    specialize (IH bs); destruct (before (A_norm b) r bs) as [[α' err] size].
    destruct Hbs as [(Hq & Hv & Hd & HN & He & Hn) Hbs]; destruct (IH Hbs) as [Eα [Herr Hsize]]; clear IH; subst α'.
    pose proof (exact_norm_bound (k :: r) v HN Hq Hv Hd) as N.
    set (G := minus (scale α H) (of_matrix m r A)) in *; set (M := plus (scale α (times m A H)) (scale k A)).
    assert (EM : M = plus (of_matrix m (k :: r) A) (times m A G)).
    { unfold M, G; simpl; unfold minus; rewrite times_plus_right, !times_scale_right; sums_of_matrices. }
    assert (Ca : norm m m (times m A G) <= (y + e1 b) * err).
    { eapply Rle_trans; [apply (norm_spectral_left m m m A G _ A_size)|]; apply Rmult_le_compat_l; [apply A_size|exact Herr]. }
    assert (NM : norm m m M <= exact_norm v + (y + e1 b) * err).
    { rewrite EM; eapply Rle_trans; [apply norm_triangle|]; lra. }
    destruct γ_bounds as (_ & Gm & Gl & _).
    pose proof (stored_product ar sound Km Lm m m m γ gl (side c) α k A H A C P (A_norm b) size (A_norm b) (Rmax (A_norm b) size)
      (exact_norm v + (y + e1 b) * err) later Gm Gl side_bound HC HP A_bound Hsize A_bound) as S.
    assert (S' : norm m m (minus P M) <= store ar (exact_norm v + (y + e1 b) * err) (sums ar γ α k (A_norm b) size (A_norm b)) +
      underflow ar gl (side c) m (Rmax (Rabs α) (Rabs k)) (Rmax (A_norm b) size)).
    { apply S; [| |exact NM]; intros i j Hi Hj.
      - eapply Rle_trans; [apply (entry_norm m m A i j Hi Hj)|]; eapply Rle_trans; [apply A_bound|apply Rmax_l].
      - eapply Rle_trans; [apply (entry_norm m m H i j Hi Hj)|]; eapply Rle_trans; [exact Hsize|apply Rmax_r]. }
    clear S; rename S' into S.
    assert (Err : norm m m (minus (scale 1 P) (of_matrix m (k :: r) A)) <= error v).
    { replace (minus (scale 1 P) (of_matrix m (k :: r) A)) with (plus (minus P M) (times m A G)) by (rewrite EM; sums_of_matrices).
      eapply Rle_trans; [apply norm_triangle|]; eapply Rle_trans; [|exact He].
      unfold store, sums in *; pose proof (underflow_nonnegative ar sound gl (side c) m (Rmax (Rabs α) (Rabs k)) (Rmax (A_norm b) size) gl_nonnegative side_nonnegative) as U.
      destruct sound as (_ & _ & _ & Hr & _); pose proof (Rmult_le_pos _ _ Hr U); lra. }
    simpl; split; [apply Rabs_R1|split; [exact Err|]].
    replace P with (plus (of_matrix m (k :: r) A) (minus (scale 1 P) (of_matrix m (k :: r) A))) by sums_of_matrices.
    eapply Rle_trans; [apply norm_triangle|]; lra.
Qed.

(** The step: f(X), and what is stored in its place. *)
Lemma last_product : forall P α Y, evaluated ar Km m A row α P ->
  (exists C, product ar Km m m n α P X a X C /\ stored ar m n C Y) -> norm m n (minus Y (step m n a row X)) <= total b.
Proof.
  intros P α Y HP [C [HC HY]].
  pose proof (stages_error row α P HP (stages b)) as St; pose proof gram_error as Ge; unfold bound_holds in holds.
  destruct (before (A_norm b) row (stages b)) as [[α' e2] size].
  destruct holds as (_ & _ & Hst & W0 & HW & Hin & Hg & I0 & HI & HN & He3 & Ht).
  destruct (St Hst) as [Eα [Herr Hsize]]; clear St; subst α'.
  pose proof s_nonnegative as S0; pose proof F_nonnegative as F0.
  set (d := derivative m row A0 E); set (R0 := minus (minus (of_matrix m row A) (of_matrix m row A0)) d).
  set (G := minus (scale α P) (of_matrix m row A)) in *; set (f := step m n a row X).
  (* what P X differs from p(A0) X by *)
  assert (D : norm m n (times m d X) <= weight b * e1 b).
  { pose proof (gram_carried m n X s X_size row E (weight b) W0 HW) as K; fold d in K.
    eapply Rle_trans; [exact K|apply Rmult_le_compat_l; assumption]. }
  assert (R : norm m n (times m R0 X) <= s * remainder row y (e1 b)).
  { eapply Rle_trans; [apply norm_spectral_right, X_size|]; apply Rmult_le_compat_l; [exact S0|].
    pose proof (remainder_bound m A0 E y (e1 b) A0_size Ge row) as R; rewrite <- A_sum in R; exact R. }
  assert (Q : norm m n (times m G X) <= s * e2).
  { eapply Rle_trans; [apply norm_spectral_right, X_size|]; apply Rmult_le_compat_l; assumption. }
  set (inn := plus (plus (times m d X) (times m R0 X)) (times m G X)).
  assert (In : norm m n inn <= inner b).
  { unfold inn; eapply Rle_trans; [apply norm_triangle|]; pose proof (norm_triangle m n (times m d X) (times m R0 X)); lra. }
  (* ‖f(X)‖ *)
  assert (Fn : norm m n f <= image_norm b).
  { assert (Ef : norm m n f = norm m n (times m (plus (scale a one) (of_matrix m row A0)) X)).
    { apply norm_ext; intros i j Hi Hj; unfold f, step; rewrite times_plus_left, times_scale_left; unfold plus, scale.
      f_equal; f_equal; unfold times at 1; symmetry; apply (sum_one m i (fun l => X l j)), Hi. }
    assert (G0 : 0 <= gain b) by (eapply Rle_trans; [apply Rabs_pos|apply (Hg y y_inside)]).
    destruct HN as [HN|HN]; (eapply Rle_trans; [|exact HN]); rewrite Ef.
    - eapply Rle_trans; [apply (gram_image m n X s X_size a row (gain b) G0 Hg)|apply Rmult_le_compat_l; assumption].
    - eapply Rle_trans; [apply (gram_image_rank m n X s X_size a row (image b) I0 HI)|apply Rmult_le_compat_r; [exact I0|exact rank_bound]]. }
  (* the last product *)
  set (M := plus (scale α (times m P X)) (scale a X)).
  assert (EM : M = plus f inn).
  { unfold M, f, step, inn, R0, G, minus; rewrite !times_plus_left, !times_scale_left; sums_of_matrices. }
  assert (NM : norm m n M <= image_norm b + inner b) by (rewrite EM; eapply Rle_trans; [apply norm_triangle|]; lra).
  assert (L : norm m n (minus Y M) <= store ar (image_norm b + inner b) (sums ar γ α a size F F) +
    underflow ar gl (area c) m (Rmax (Rabs α) (Rabs a)) (Rmax size s)).
  { destruct γ_bounds as (_ & Gm & Gl & Ga).
    apply (stored_product ar sound Km Lm m m n γ gl (area c) α a P X X C Y size F F (Rmax size s) _ later Gm Gl Ga HC HY Hsize X_norm X_norm);
      [| |exact NM];
      intros i j Hi Hj.
    - eapply Rle_trans; [apply (entry_norm m m P i j Hi Hj)|]; eapply Rle_trans; [exact Hsize|apply Rmax_l].
    - eapply Rle_trans; [apply (entry_spectral i j Hi Hj)|apply Rmax_r]. }
  replace (minus Y f) with (plus (minus Y M) inn) by (rewrite EM; sums_of_matrices).
  eapply Rle_trans; [apply norm_triangle|]; unfold store, sums in *.
  pose proof (underflow_nonnegative ar sound gl (area c) m (Rmax (Rabs α) (Rabs a)) (Rmax size s) gl_nonnegative area_nonnegative) as U.
  destruct sound as (_ & _ & _ & Hr & _); pose proof (Rmult_le_pos _ _ Hr U); lra.
Qed.

End Computed.

(** Whatever the arithmetic returns for f(X), in the Frobenius norm. *)
Theorem rounded_step : forall a row b Y, bound_holds c a row b -> step_runs ar Kn Km m n a row X Y ->
  norm m n (minus Y (step m n a row X)) <= total b.
Proof. intros a row b Y Hb (A & P & α & G & HP & L); apply (last_product a row b Hb A G P α Y HP L). Qed.

End Bound.
