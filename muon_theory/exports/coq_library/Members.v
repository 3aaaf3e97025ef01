(** * One member of a family with f(1) = 1

    f(x) = x g(y), y = x²; g = 1 + (1 - y) w; and w(y g(y)²) = w(y) r(y). What is
    positive at every y of (0, 1) decides about every orbit from (0, 1]: with β
    the largest value of f on [0, 1], every point of (1, β²] is y g(y)² for such
    a y. Where w < 0 or g < -1 past 1, and falls from there on, orbits grow without
    bound. *)

From Coq Require Import Reals List Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bands Convergence Escapes.
Local Open Scope R_scope.

Section Member.

Variables (f g w r : R -> R).
Hypothesis f_g : forall x, f x = x * g (x ^ 2).
Hypothesis g_continuous : continuity g.
Hypothesis w_continuous : continuity w.
Hypothesis g_w : forall y, g y = 1 + (1 - y) * w y.
Hypothesis w_r : forall y, w (y * g y ^ 2) = w y * r y.

Let Z (y : R) : R := y * g y ^ 2.

(** Z and f are continuous. *)
Lemma Z_continuous : continuity Z.
Proof.
  intros y; apply (continuity_pt_mult id (fun y => g y ^ 2)).
  - apply derivable_continuous_pt, derivable_pt_id.
  - apply (continuity_pt_comp g (fun z => z ^ 2)); [apply g_continuous|].
    apply derivable_continuous_pt, derivable_pt_pow.
Qed.

(** f is continuous. *)
Lemma f_continuous : continuity f.
Proof.
  assert (C : continuity (mult_fct id (comp g (fun x => x ^ 2)))).
  { intros x; apply continuity_pt_mult; [apply derivable_continuous_pt, derivable_pt_id|].
    apply continuity_pt_comp; [apply derivable_continuous_pt, derivable_pt_pow|apply g_continuous]. }
  intros x eps He; destruct (C x eps He) as [d [Hd H]]; exists d; split; [exact Hd|].
  intros z Hz; rewrite !f_g; exact (H z Hz).
Qed.

(** f(1) = 1. *)
Lemma g_one : g 1 = 1.
Proof. rewrite g_w; ring. Qed.
Lemma f_one : f 1 = 1.
Proof. rewrite f_g; replace (1 ^ 2) with 1 by ring; rewrite g_one; ring. Qed.

(** f(x)² = Z(x²). *)
Lemma f_squared : forall x, f x ^ 2 = Z (x ^ 2).
Proof. intros x; rewrite f_g; unfold Z; ring. Qed.

Lemma unit_square : forall x, 0 < x < 1 -> 0 < x ^ 2 < 1.
Proof. intros x Hx; split; [apply pow_lt; lra|]; pose proof (square_lt x 1 ltac:(lra)); lra. Qed.

Lemma unit_root : forall y, 0 < y < 1 -> 0 < sqrt y < 1 /\ sqrt y ^ 2 = y.
Proof.
  intros y Hy; assert (E : sqrt y ^ 2 = y) by (rewrite <- Rsqr_pow2; apply Rsqr_sqrt; lra).
  split; [split; [apply sqrt_lt_R0; lra|]|exact E].
  apply Rnot_le_lt; intros C; pose proof (square_le 1 (sqrt y) ltac:(lra)); lra.
Qed.

(** ** One orbit: that of √y *)

(** Its first step. *)
Lemma first_step : forall y, 0 < y < 1 -> f (sqrt y) = sqrt y * g y /\ f (sqrt y) ^ 2 = Z y.
Proof.
  intros y Hy; destruct (unit_root y Hy) as [_ E]; rewrite f_squared, f_g, E; split; reflexivity.
Qed.

(** g g(Z) < 0: its second step has another sign than its start. *)
Theorem flips_at_root : forall y, 0 < y < 1 -> g y * g (Z y) < 0 -> f (f (sqrt y)) < 0.
Proof.
  intros y Hy H; destruct (first_step y Hy) as [E1 E2]; destruct (unit_root y Hy) as [[P _] _].
  rewrite f_g, E2, E1; pose proof (Rmult_lt_0_compat _ _ P (Ropp_0_gt_lt_contravar _ H)); lra.
Qed.

(** Past 1, w < 0 and falls: it leaves every bound. *)
Theorem escapes_above : (forall y z, 1 <= y -> y < z -> w z < w y) ->
  forall y, 0 < y < 1 -> 1 < Z y -> w (Z y) < 0 ->
  is_lim_seq (fun n => Rabs (Nat.iter n f (sqrt y))) p_infty.
Proof.
  intros Hfalls y Hy H1 W; destruct (first_step y Hy) as [_ E].
  set (x := f (sqrt y)) in *; set (kappa := 1 + (Z y - 1) * - w (Z y)).
  assert (P : 0 < Rabs x) by (apply Rabs_pos_lt; intros C; rewrite C in E; lra).
  assert (Hk : 1 < kappa) by (unfold kappa; nra).
  apply (grows_without_bound f (sqrt y) 1 (Rabs x) kappa P Hk); [|apply Rle_refl].
  intros z Hz; rewrite f_g, Rabs_mult, Rmult_comm; apply Rmult_le_compat_l; [apply Rabs_pos|].
  assert (Hsq : Z y <= z ^ 2) by (rewrite <- E, <- (pow2_abs x), <- (pow2_abs z); apply square_le; lra).
  assert (Hw : w (z ^ 2) <= w (Z y)).
  { destruct (Req_dec (Z y) (z ^ 2)) as [<-|N]; [lra|].
    pose proof (Hfalls (Z y) (z ^ 2) ltac:(lra) ltac:(lra)); lra. }
  pose proof (Rmult_le_compat (Z y - 1) (z ^ 2 - 1) (- w (Z y)) (- w (z ^ 2))
    ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)) as M.
  rewrite g_w, Rabs_pos_eq; unfold kappa in *; lra.
Qed.

(** Past 1, g < -1 and falls: the same, and each step from the second on changes the sign. *)
Theorem escapes_alternating : (forall y z, 1 <= y -> y < z -> g z < g y) ->
  forall y, 0 < y < 1 -> 1 < Z y -> g (Z y) < -1 ->
  is_lim_seq (fun n => Rabs (Nat.iter n f (sqrt y))) p_infty /\
  forall n, (0 < n)%nat -> Nat.iter n f (sqrt y) * Nat.iter (S n) f (sqrt y) < 0.
Proof.
  intros Hfalls y Hy H1 Hg; destruct (first_step y Hy) as [_ E]; set (x := f (sqrt y)) in *.
  assert (P : 0 < Rabs x) by (apply Rabs_pos_lt; intros C; rewrite C in E; lra).
  assert (G : forall z, Rabs x <= Rabs z -> g (z ^ 2) <= g (Z y)).
  { intros z Hz.
    assert (Hsq : Z y <= z ^ 2) by (rewrite <- E, <- (pow2_abs x), <- (pow2_abs z); apply square_le; lra).
    destruct (Req_dec (Z y) (z ^ 2)) as [<-|N]; [lra|].
    pose proof (Hfalls (Z y) (z ^ 2) ltac:(lra) ltac:(lra)); lra. }
  assert (Grows : forall z, Rabs x <= Rabs z -> - g (Z y) * Rabs z <= Rabs (f z)).
  { intros z Hz; rewrite f_g, Rabs_mult, Rmult_comm; apply Rmult_le_compat_l; [apply Rabs_pos|].
    pose proof (G z Hz); rewrite Rabs_left; lra. }
  split; [apply (grows_without_bound f (sqrt y) 1 (Rabs x) (- g (Z y)) P ltac:(lra) Grows), Rle_refl|].
  assert (Far : forall n, Rabs x <= Rabs (Nat.iter (S n) f (sqrt y))).
  { induction n as [|n IH]; [apply Rle_refl|].
    change (Nat.iter (S (S n)) f (sqrt y)) with (f (Nat.iter (S n) f (sqrt y))).
    pose proof (Grows _ IH); nra. }
  intros [|n] Hn; [inversion Hn|]; change (Nat.iter (S (S n)) f (sqrt y)) with (f (Nat.iter (S n) f (sqrt y))).
  specialize (Far n); set (z := Nat.iter (S n) f (sqrt y)) in *.
  pose proof (G z Far); assert (0 < z ^ 2) by (rewrite <- pow2_abs; apply pow_lt; lra).
  rewrite f_g; replace (z * (z * g (z ^ 2))) with (z ^ 2 * g (z ^ 2)) by ring; nra.
Qed.

(** Where a function is positive at 0 and negative at y, it vanishes between. *)
Lemma vanishes_before : forall h y, continuity h -> 0 < y < 1 -> 0 < h 0 -> h y < 0 ->
  exists z, 0 < z < 1 /\ h z = 0.
Proof.
  intros h y Hc Hy H0 H1; destruct (intermediate_value h y 0 0 Hc) as [z [Hz E]]; [lra|].
  rewrite Rmin_right, Rmax_left in Hz by lra.
  assert (z <> 0 /\ z <> y) by (split; intros ->; lra); exists z; split; [lra|exact E].
Qed.

(** w(Z) < 0 somewhere, w > 0 at 0 and at 1: another orbit comes to a fixed point that is not 1. *)
Theorem lands_elsewhere : forall y, 0 < y < 1 -> w (Z y) < 0 -> 0 < w 0 -> 0 < w 1 ->
  exists x0, 0 < x0 < 1 /\ f (f x0) = f x0 /\ f x0 <> 1.
Proof.
  intros y Hy Hneg H0 H1.
  destruct (vanishes_before (fun y => w (Z y)) y) as [z [Hz E]]; [|exact Hy| |exact Hneg|].
  - intros t; apply (continuity_pt_comp Z w); [apply Z_continuous|apply w_continuous].
  - unfold Z; rewrite Rmult_0_l; exact H0.
  - destruct (first_step z Hz) as [_ E2]; destruct (unit_root z Hz) as [P _].
    exists (sqrt z); split; [exact P|split].
    + rewrite (f_g (f (sqrt z))), E2, g_w, E; ring.
    + intros C; rewrite C in E2; replace (1 ^ 2) with 1 in E2 by ring; rewrite <- E2 in E; lra.
Qed.

(** g g(Z) < 1 somewhere, w > 0 at 0: another orbit comes back at its second step. *)
Theorem comes_back : forall y, 0 < y < 1 -> g y * g (Z y) < 1 -> 0 < w 0 ->
  exists x0, 0 < x0 < 1 /\ f (f x0) = x0.
Proof.
  intros y Hy Hless H0.
  destruct (vanishes_before (fun y => g y * g (Z y) - 1) y) as [z [Hz E]]; [|exact Hy| |cbn beta; lra|].
  - intros t; apply continuity_pt_minus; [|apply continuity_pt_const; intros a b; reflexivity].
    apply continuity_pt_mult; [apply g_continuous|].
    apply (continuity_pt_comp Z g); [apply Z_continuous|apply g_continuous].
  - assert (1 < g 0) by (rewrite g_w; lra).
    cbn beta; replace (Z 0) with 0 by (unfold Z; ring); nra.
  - destruct (first_step z Hz) as [E1 E2]; destruct (unit_root z Hz) as [P _].
    exists (sqrt z); split; [exact P|].
    rewrite (f_g (f (sqrt z))), E2, E1; cbn beta in E.
    replace (sqrt z * g z * g (Z z)) with (sqrt z * (g z * g (Z z))) by ring.
    replace (g z * g (Z z)) with 1 by lra; ring.
Qed.

(** ** All orbits from (0, 1] *)

Hypothesis w_positive : forall y, 0 < y < 1 -> 0 < w y.

(** g > 1 and f(x) > x before 1. *)
Lemma g_above : forall y, 0 < y < 1 -> 1 < g y.
Proof. intros y Hy; rewrite g_w; pose proof (Rmult_lt_0_compat (1 - y) (w y) ltac:(lra) (w_positive y Hy)); lra. Qed.
Lemma f_rises : forall x, 0 < x < 1 -> x < f x.
Proof. intros x Hx; rewrite f_g; pose proof (g_above (x ^ 2) (unit_square x Hx)); nra. Qed.

(** The largest value, and where everything between 1 and its square comes from. *)
Lemma largest : exists b, 1 <= b /\ (forall x, 0 <= x <= 1 -> f x <= b) /\
  forall z, 1 < z <= b ^ 2 -> exists y, 0 < y < 1 /\ Z y = z.
Proof.
  destruct (continuity_ab_maj f 0 1 ltac:(lra)) as [m [Hm Hin]]; [intros; apply f_continuous|].
  exists (f m); pose proof (Hm 1 ltac:(lra)) as H1; rewrite f_one in H1.
  split; [exact H1|split; [exact Hm|]].
  intros z Hz.
  assert (m <> 0) by (intros ->; rewrite f_g in H1; lra).
  assert (m <> 1) by (intros ->; rewrite f_one in Hz; lra).
  pose proof (unit_square m ltac:(lra)) as Hm2.
  assert (Z1 : Z 1 = 1) by (unfold Z; rewrite g_one; ring).
  destruct (intermediate_value Z 1 (m ^ 2) z Z_continuous) as [y [Hy E]].
  { rewrite Z1, <- f_squared; lra. }
  rewrite Rmin_right, Rmax_left in Hy by lra.
  exists y; split; [|exact E].
  assert (y <> 1) by (intros ->; lra); lra.
Qed.

Section Below.

Hypothesis r_positive : forall y, 0 < y < 1 -> 0 < r y.

(** g < 1 on all of (1, β²]. *)
Lemma g_below : forall y, 0 < y < 1 -> 1 < Z y -> g (Z y) < 1.
Proof.
  intros y Hy Hz; pose proof (Rmult_lt_0_compat _ _ (w_positive y Hy) (r_positive y Hy)) as P.
  rewrite <- w_r in P; fold (Z y) in P; rewrite g_w.
  pose proof (Rmult_lt_0_compat (Z y - 1) (w (Z y)) ltac:(lra) P); lra.
Qed.

Hypothesis gz_positive : forall y, 0 < y < 1 -> 0 < g (Z y).

(** f maps some (0, β] into itself, and falls beyond 1. *)
Lemma trapped : exists b, 1 <= b /\ (forall x, 0 < x <= b -> 0 < f x <= b) /\
  forall x, 1 < x <= b -> f x < x.
Proof.
  destruct largest as [b [Hb [Hmax Hcover]]]; exists b; split; [exact Hb|].
  assert (Beyond : forall x, 1 < x <= b -> 0 < f x < x).
  { intros x Hx; pose proof (square_lt 1 x ltac:(lra)); pose proof (square_le x b ltac:(lra)).
    destruct (Hcover (x ^ 2) ltac:(lra)) as [y [Hy E]].
    pose proof (gz_positive y Hy) as P; pose proof (g_below y Hy ltac:(lra)) as L.
    rewrite E in P, L; rewrite f_g; nra. }
  split; [|intros x Hx; apply Beyond, Hx].
  intros x Hx; destruct (Rle_lt_dec x 1) as [L|G].
  - split; [|apply Hmax; lra].
    destruct (Req_dec x 1) as [->|N]; [rewrite f_one; lra|].
    pose proof (f_rises x ltac:(lra)); lra.
  - pose proof (Beyond x ltac:(lra)); lra.
Qed.

(** Every iterate is positive. *)
Theorem member_positive : forall x0, 0 < x0 <= 1 -> forall n, 0 < Nat.iter n f x0.
Proof.
  destruct trapped as [b [Hb [Hin _]]]; intros x0 Hx0.
  assert (B : forall n, 0 < Nat.iter n f x0 <= b).
  { induction n as [|n IH]; [simpl; lra|apply Hin, IH]. }
  intros n; apply B.
Qed.

(** Every orbit tends to 1, if moreover f(f(x)) > x before 1. *)
Theorem member_converges : (forall y, 0 < y < 1 -> 1 < g y * g (Z y)) ->
  forall x0, 0 < x0 <= 1 -> is_lim_seq (fun n => Nat.iter n f x0) 1.
Proof.
  destruct trapped as [b [Hb [Hin Hfalls]]]; intros Htwice x0 Hx0.
  apply (orbits_converge f 1 b f_continuous f_one ltac:(lra) Hb Hin f_rises Hfalls); [|lra].
  intros x Hx; rewrite (f_g (f x)), f_squared, f_g.
  pose proof (Htwice (x ^ 2) (unit_square x Hx)); nra.
Qed.

End Below.

(** Every orbit is bounded, if r > 0 and g(Z) > -1. *)
Theorem member_bounded : (forall y, 0 < y < 1 -> 0 < r y) ->
  (forall y, 0 < y < 1 -> -1 < g (Z y)) ->
  forall x0, 0 < x0 <= 1 -> exists b, forall n, Rabs (Nat.iter n f x0) <= b.
Proof.
  intros Hr Hgz x0 Hx0; destruct largest as [b [Hb [Hmax Hcover]]]; exists b.
  assert (Right : forall x, 0 <= x <= b -> Rabs (f x) <= b).
  { intros x Hx; destruct (Rle_lt_dec x 1) as [L|G].
    - pose proof (Hmax x ltac:(lra)); apply Rabs_le; split; [|assumption].
      destruct (Req_dec x 0) as [->|N]; [rewrite f_g; lra|].
      destruct (Req_dec x 1) as [->|N1]; [rewrite f_one; lra|].
      pose proof (f_rises x ltac:(lra)); lra.
    - pose proof (square_lt 1 x ltac:(lra)); pose proof (square_le x b ltac:(lra)).
      destruct (Hcover (x ^ 2) ltac:(lra)) as [y [Hy E]].
      pose proof (Hgz y Hy) as P; pose proof (g_below Hr y Hy ltac:(lra)) as L.
      rewrite E in P, L; rewrite f_g; apply Rabs_le; nra. }
  induction n as [|n IH]; [simpl; apply Rabs_le; lra|].
  change (Nat.iter (S n) f x0) with (f (Nat.iter n f x0)); set (x := Nat.iter n f x0) in *.
  destruct (Rle_lt_dec 0 x) as [P|M].
  - apply Right; rewrite Rabs_pos_eq in IH; lra.
  - replace (Rabs (f x)) with (Rabs (f (- x))).
    + apply Right; rewrite Rabs_left in IH; lra.
    + rewrite !f_g; replace ((- x) ^ 2) with (x ^ 2) by ring.
      replace (- x * g (x ^ 2)) with (- (x * g (x ^ 2))) by ring; apply Rabs_Ropp.
Qed.

(** ** Past the threshold *)

(** Where the second step is sent: past 1. *)
Lemma past_one : forall y, 0 < y < 1 -> w (Z y) < 0 -> 1 < Z y.
Proof.
  intros y Hy Hw; apply Rnot_le_lt; intros C.
  assert (0 < Z y) by (pose proof (g_above y Hy); unfold Z; apply Rmult_lt_0_compat; [lra|apply pow_lt; lra]).
  destruct (Req_dec (Z y) 1) as [E|N]; [|pose proof (w_positive (Z y) ltac:(lra)); lra].
  rewrite E in Hw; destruct (near w w_continuous 1 (- w 1) ltac:(lra)) as [d [Hd Hn]].
  set (e := Rmin (d / 2) (1 / 2)).
  assert (He : 0 < e <= 1 / 2 /\ e <= d / 2)
    by (unfold e; pose proof (Rmin_l (d / 2) (1 / 2)); pose proof (Rmin_r (d / 2) (1 / 2));
        pose proof (Rmin_glb_lt (d / 2) (1 / 2) 0 ltac:(lra) ltac:(lra)); lra).
  pose proof (Hn (1 - e) ltac:(apply Rabs_def1; lra)) as A; apply Rabs_def2 in A.
  pose proof (w_positive (1 - e) ltac:(lra)); lra.
Qed.

(** r(y) < 0 and w falls beyond 1: the orbit of √y leaves every bound. *)
Theorem member_escapes_above : (forall y z, 1 <= y -> y < z -> w z < w y) ->
  forall y, 0 < y < 1 -> r y < 0 ->
  exists x0, 0 < x0 < 1 /\ is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty.
Proof.
  intros Hfalls y Hy Hr; exists (sqrt y); split; [apply unit_root, Hy|].
  assert (W : w (Z y) < 0) by (unfold Z; rewrite w_r; pose proof (w_positive y Hy); nra).
  apply (escapes_above Hfalls y Hy (past_one y Hy W) W).
Qed.

(** g(Z(y)) < -1 and g falls beyond 1: the same. *)
Theorem member_escapes_alternating : (forall y z, 1 <= y -> y < z -> g z < g y) ->
  forall y, 0 < y < 1 -> g (Z y) < -1 ->
  exists x0, 0 < x0 < 1 /\ is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty.
Proof.
  intros Hfalls y Hy Hg; exists (sqrt y); split; [apply unit_root, Hy|].
  apply (escapes_alternating Hfalls y Hy); [|exact Hg].
  assert (0 < Z y) by (pose proof (g_above y Hy); unfold Z; apply Rmult_lt_0_compat; [lra|apply pow_lt; lra]).
  apply Rnot_le_lt; intros C; destruct (Req_dec (Z y) 1) as [E1|N].
  - rewrite E1, g_one in Hg; lra.
  - pose proof (g_above (Z y) ltac:(lra)); lra.
Qed.

(** g(Z(y)) < 0: the orbit of √y becomes negative at its second step. *)
Theorem member_flips : forall y, 0 < y < 1 -> g (Z y) < 0 -> exists x0, 0 < x0 < 1 /\ f (f x0) < 0.
Proof.
  intros y Hy Hg; exists (sqrt y); split; [apply unit_root, Hy|].
  apply (flips_at_root y Hy); pose proof (g_above y Hy); nra.
Qed.

End Member.
