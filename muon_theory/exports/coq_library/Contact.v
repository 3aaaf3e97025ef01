(** * The first parameter at which a minimum touches 0

    A(y, a) > 0 for y in [0, 1] at the window's start, A < 0 somewhere at its
    end. Where A may vanish, inside the core, it falls in a. Then the minimum
    over y is positive before one α and negative after it, and at α it is 0,
    at a point of the core where ∂A/∂y = 0. *)

From Coq Require Import Reals List Lra.
From MuonTheory Require Import Several.
Local Open Scope R_scope.

(** ** Polynomials are Lipschitz in their second variable *)

(** In the first variable, on bounded sets; and bounded there. *)
Lemma lipschitz_first : forall n (p : list (mpoly n)) v M, 0 <= M -> exists L B, 0 <= L /\ 0 <= B /\
  forall a b, Rabs a <= M -> Rabs b <= M ->
    Rabs (mvalue (S n) p (a :: v) - mvalue (S n) p (b :: v)) <= L * Rabs (a - b) /\
    Rabs (mvalue (S n) p (b :: v)) <= B.
Proof.
  intros n p v M HM; induction p as [|c p [L [B [HL [HB IH]]]]].
  - exists 0, 0; split; [lra|split; [lra|]]; intros a b Ha Hb; simpl.
    rewrite Rminus_0_r, Rabs_R0; lra.
  - exists (M * L + B), (Rabs (mvalue n c v) + M * B).
    pose proof (Rabs_pos (mvalue n c v)); pose proof (Rmult_le_pos _ _ HM HL); pose proof (Rmult_le_pos _ _ HM HB).
    split; [lra|split; [lra|]]; intros a b Ha Hb; rewrite !mvalue_cons.
    destruct (IH a b Ha Hb) as [D P]; set (x := mvalue (S n) p (a :: v)) in *.
    set (z := mvalue (S n) p (b :: v)) in *; set (k := mvalue n c v) in *; split.
    + replace (k + a * x - (k + b * z)) with (a * (x - z) + (a - b) * z) by ring.
      apply Rle_trans with (1 := Rabs_triang _ _); rewrite !Rabs_mult.
      pose proof (Rabs_pos (a - b)); pose proof (Rabs_pos a); pose proof (Rabs_pos (x - z)).
      pose proof (Rmult_le_compat (Rabs a) M (Rabs (x - z)) (L * Rabs (a - b)) ltac:(lra) ltac:(lra) Ha D).
      pose proof (Rmult_le_compat_l (Rabs (a - b)) _ _ ltac:(lra) P); lra.
    + apply Rle_trans with (1 := Rabs_triang _ _); rewrite Rabs_mult.
      pose proof (Rmult_le_compat (Rabs b) M (Rabs z) B (Rabs_pos b) (Rabs_pos z) Hb P); lra.
Qed.

(** In the second, uniformly for the first in [0, 1]. *)
Lemma lipschitz_second : forall n (p : fraction (S (S n))) v M, 0 <= M -> exists L, 0 <= L /\
  forall y a b, 0 <= y <= 1 -> Rabs a <= M -> Rabs b <= M ->
    Rabs (fvalue p (y :: a :: v) - fvalue p (y :: b :: v)) <= L * Rabs (a - b).
Proof.
  intros n [p k] v M HM; unfold fvalue; cbn [num den].
  assert (H : exists L, 0 <= L /\ forall y a b, 0 <= y <= 1 -> Rabs a <= M -> Rabs b <= M ->
    Rabs (mvalue (S (S n)) p (y :: a :: v) - mvalue (S (S n)) p (y :: b :: v)) <= L * Rabs (a - b)).
  { induction p as [|c p [L [HL IH]]].
    - exists 0; split; [lra|]; intros; simpl; rewrite Rminus_0_r, Rabs_R0; lra.
    - destruct (lipschitz_first n c v M HM) as [L' [B [HL' [_ H]]]].
      exists (L' + L); split; [lra|]; intros y a b Hy Ha Hb; rewrite !mvalue_cons.
      specialize (IH y a b Hy Ha Hb); destruct (H a b Ha Hb) as [D _].
      set (x := mvalue (S (S n)) p (y :: a :: v)) in *; set (z := mvalue (S (S n)) p (y :: b :: v)) in *.
      set (s := mvalue (S n) c (a :: v)) in *; set (t := mvalue (S n) c (b :: v)) in *.
      replace (s + y * x - (t + y * z)) with ((s - t) + y * (x - z)) by ring.
      apply Rle_trans with (1 := Rabs_triang _ _); rewrite Rabs_mult, (Rabs_pos_eq y) by lra.
      pose proof (Rmult_le_compat_r (Rabs (x - z)) y 1 (Rabs_pos _) (proj2 Hy)); lra. }
  destruct H as [L [HL H]]; pose proof (Polynomial.positive_real k) as Hk.
  exists (L / IZR (Z.pos k)); split; [apply Rmult_le_pos; [exact HL|left; apply Rinv_0_lt_compat, Hk]|].
  intros y a b Hy Ha Hb; specialize (H y a b Hy Ha Hb).
  set (x := mvalue (S (S n)) p (y :: a :: v)) in *; set (z := mvalue (S (S n)) p (y :: b :: v)) in *.
  replace (x / IZR (Z.pos k) - z / IZR (Z.pos k)) with ((x - z) * / IZR (Z.pos k)) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ IZR (Z.pos k))) by (left; apply Rinv_0_lt_compat, Hk).
  replace (L / IZR (Z.pos k) * Rabs (a - b)) with (L * Rabs (a - b) * / IZR (Z.pos k)) by (field; lra).
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, Hk|exact H].
Qed.

(** ** The contact *)

Section Contact.

Variables (A : R -> R -> R) (w0 w1 c0 c1 L : R).
Hypothesis window : w0 < w1.
Hypothesis continuous : forall a, continuity (fun y => A y a).
Hypothesis L_positive : 0 <= L.
Hypothesis lipschitz : forall y a b, 0 <= y <= 1 -> w0 <= a <= w1 -> w0 <= b <= w1 ->
  Rabs (A y a - A y b) <= L * Rabs (a - b).
Hypothesis start : forall y, 0 <= y <= 1 -> 0 < A y w0.
Hypothesis finish : exists y, 0 <= y <= 1 /\ A y w1 < 0.
Hypothesis edges : forall a y, w0 <= a <= w1 -> 0 <= y <= c0 \/ c1 <= y <= 1 -> 0 < A y a.
Hypothesis falls : forall y a b, c0 < y < c1 -> w0 <= a -> a < b -> b <= w1 -> A y b < A y a.

(** Where A is not positive is in the core. *)
Lemma in_core : forall a y, w0 <= a <= w1 -> 0 <= y <= 1 -> A y a <= 0 -> c0 < y < c1.
Proof.
  intros a y Ha Hy H; split; apply Rnot_le_lt; intros C.
  - pose proof (edges a y Ha ltac:(left; lra)); lra.
  - pose proof (edges a y Ha ltac:(right; lra)); lra.
Qed.

(** The minimum over y is positive or not. *)
Lemma positive_or_not : forall a,
  (exists m, 0 < m /\ forall y, 0 <= y <= 1 -> m <= A y a) \/ (exists y, 0 <= y <= 1 /\ A y a <= 0).
Proof.
  intros a; destruct (continuity_ab_min (fun y => A y a) 0 1 ltac:(lra)) as [y [Hy Hin]];
    [intros; apply continuous|].
  destruct (Rle_lt_dec (A y a) 0) as [H|H]; [right; exists y; auto|left; exists (A y a); auto].
Qed.

(** The first contact. *)
Theorem contact : exists alpha, w0 < alpha < w1 /\
  (forall a y, w0 <= a < alpha -> 0 <= y <= 1 -> 0 < A y a) /\
  (forall a, alpha < a <= w1 -> exists y, c0 < y < c1 /\ 0 <= y <= 1 /\ A y a < 0) /\
  exists y, c0 < y < c1 /\ 0 <= y <= 1 /\ A y alpha = 0 /\ forall z, 0 <= z <= 1 -> 0 <= A z alpha.
Proof.
  set (E := fun a => w0 <= a <= w1 /\ forall y, 0 <= y <= 1 -> 0 < A y a).
  destruct (completeness E) as [alpha [Hub Hlub]].
  { exists w1; intros a [Ha _]; lra. }
  { exists w0; split; [lra|exact start]. }
  assert (H0 : w0 <= alpha) by (apply Hub; split; [lra|exact start]).
  assert (H1 : alpha <= w1) by (apply Hlub; intros a [Ha _]; lra).
  assert (Before : forall a y, w0 <= a < alpha -> 0 <= y <= 1 -> 0 < A y a).
  { intros a y Ha Hy; destruct (Rlt_le_dec 0 (A y a)) as [P|N]; [exact P|exfalso].
    pose proof (in_core a y ltac:(lra) Hy N) as Hc.
    apply (Rlt_irrefl a), Rlt_le_trans with alpha; [lra|]; apply Hlub; intros b [Hb Pb].
    apply Rnot_lt_le; intros C; pose proof (falls y a b Hc ltac:(lra) C ltac:(lra)).
    pose proof (Pb y Hy); lra. }
  assert (After : forall a, alpha < a <= w1 -> exists y, c0 < y < c1 /\ 0 <= y <= 1 /\ A y a < 0).
  { intros a Ha; set (b := (alpha + a) / 2).
    assert (Hb : alpha < b < a) by (unfold b; lra).
    destruct (positive_or_not b) as [[m [Hm P]]|[y [Hy N]]].
    - exfalso; assert (E b) by (split; [lra|intros y Hy; specialize (P y Hy); lra]).
      pose proof (Hub b H); lra.
    - pose proof (in_core b y ltac:(lra) Hy N) as Hc.
      exists y; split; [exact Hc|split; [exact Hy|]].
      pose proof (falls y b a Hc ltac:(lra) ltac:(lra) ltac:(lra)); lra. }
  assert (At : forall z, 0 <= z <= 1 -> 0 <= A z alpha).
  { intros z Hz; apply Rnot_lt_le; intros C.
    destruct (Req_dec w0 alpha) as [<-|N]; [pose proof (start z Hz); lra|].
    set (e := Rmin (alpha - w0) (- A z alpha / (L + 1))).
    assert (He : 0 < e) by (apply Rmin_glb_lt; [lra|apply Rdiv_lt_0_compat; lra]).
    pose proof (Rmin_l (alpha - w0) (- A z alpha / (L + 1))) as M1.
    pose proof (Rmin_r (alpha - w0) (- A z alpha / (L + 1))) as M2; fold e in M1, M2.
    assert (M3 : L * e <= - A z alpha).
    { apply (Rmult_le_compat_l (L + 1)) in M2; [|lra].
      replace ((L + 1) * (- A z alpha / (L + 1))) with (- A z alpha) in M2 by (field; lra); lra. }
    pose proof (lipschitz z (alpha - e) alpha Hz ltac:(lra) ltac:(lra)) as D.
    replace (alpha - e - alpha) with (- e) in D by ring; rewrite Rabs_Ropp, (Rabs_pos_eq e) in D by lra.
    pose proof (Rle_abs (A z (alpha - e) - A z alpha)).
    pose proof (Before (alpha - e) z ltac:(lra) Hz); lra. }
  destruct finish as [yf [Hyf Nf]].
  assert (H1' : alpha < w1).
  { destruct (Req_dec alpha w1) as [Ea|N]; [|lra]; rewrite Ea in At; pose proof (At yf Hyf); lra. }
  destruct (positive_or_not alpha) as [[m [Hm P]]|[y [Hy N]]].
  - exfalso; set (e := Rmin (w1 - alpha) (m / (2 * (L + 1)))).
    assert (He : 0 < e) by (apply Rmin_glb_lt; [lra|apply Rdiv_lt_0_compat; lra]).
    pose proof (Rmin_l (w1 - alpha) (m / (2 * (L + 1)))) as M1.
    pose proof (Rmin_r (w1 - alpha) (m / (2 * (L + 1)))) as M2; fold e in M1, M2.
    assert (M3 : L * e <= m / 2).
    { apply (Rmult_le_compat_l (L + 1)) in M2; [|lra].
      replace ((L + 1) * (m / (2 * (L + 1)))) with (m / 2) in M2 by (field; lra); lra. }
    assert (In : E (alpha + e)).
    { split; [lra|]; intros z Hz; pose proof (P z Hz).
      pose proof (lipschitz z alpha (alpha + e) Hz ltac:(lra) ltac:(lra)) as D.
      replace (alpha - (alpha + e)) with (- e) in D by ring; rewrite Rabs_Ropp, (Rabs_pos_eq e) in D by lra.
      pose proof (Rle_abs (A z alpha - A z (alpha + e))); lra. }
    pose proof (Hub _ In); lra.
  - pose proof (At y Hy) as Py; assert (Z : A y alpha = 0) by lra.
    exists alpha; split; [split; [|exact H1']|split; [exact Before|split; [exact After|]]].
    + destruct (Req_dec w0 alpha) as [Ea|N']; [|lra]; rewrite <- Ea in Z; pose proof (start y Hy); lra.
    + exists y; split; [apply (in_core alpha y ltac:(lra) Hy N)|auto].
Qed.

End Contact.

(** At an inner minimum the derivative is 0. *)
Lemma derivative_at_minimum : forall h y d a b, a < y < b -> derivable_pt_lim h y d ->
  (forall z, a < z < b -> h y <= h z) -> d = 0.
Proof.
  intros h y d a b Hy Hd Hmin.
  assert (pr : derivable_pt h y) by (exists d; exact Hd).
  rewrite <- (derive_pt_eq_0 h y d pr Hd).
  apply (deriv_minimum h a b y pr); lra || (intros; apply Hmin; lra).
Qed.
