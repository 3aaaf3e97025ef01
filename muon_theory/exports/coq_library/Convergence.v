(** * When every orbit of a continuous map tends to its fixed point

    Let f be continuous, f(p) = p, 0 < p ≤ b, with
      (i)   0 < f(x) ≤ b on (0, b],      (ii) f(x) > x on (0, p),
      (iii) f(x) < x on (p, b],          (iv) f(f(x)) > x on (0, p).
    Then every orbit from (0, b] tends to p. Elementary: with l the lower and L
    the upper limit of an orbit, some z in [l, L] has f(z) ≤ l and some w has
    f(w) ≥ L; if l < p < L, a point v of [w, p) with f(v) = z contradicts (iv). *)

From Coq Require Import Reals List Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands.
Local Open Scope R_scope.

(** ** A lower bound away from 0 *)

Section Orbit.

Variables (f : R -> R) (p b : R).
Hypothesis continuous : continuity f.
Hypothesis fixed : f p = p.
Hypothesis p_positive : 0 < p.
Hypothesis p_le_b : p <= b.
Hypothesis stays_in : forall x, 0 < x <= b -> 0 < f x <= b.
Hypothesis rises : forall x, 0 < x < p -> x < f x.
Hypothesis falls : forall x, p < x <= b -> f x < x.
Hypothesis rises_twice : forall x, 0 < x < p -> x < f (f x).

Variable x0 : R.
Hypothesis start : 0 < x0 <= b.

Let orbit (n : nat) : R := Nat.iter n f x0.

(** The orbit stays in (0, b]. *)
Lemma orbit_in : forall n, 0 < orbit n <= b.
Proof. induction n as [|n IH]; [exact start|apply stays_in, IH]. Qed.

(** It even stays away from 0. *)
Lemma orbit_away : exists a, 0 < a /\ forall n, a <= orbit n.
Proof.
  destruct (continuity_ab_min f p b p_le_b) as [m [Hm Hin]]; [intros; apply continuous|].
  exists (Rmin x0 (f m)); split.
  - apply Rmin_glb_lt; [lra|apply stays_in; lra].
  - induction n as [|n IH]; [apply Rmin_l|].
    change (orbit (S n)) with (f (orbit n)); pose proof (orbit_in n) as H.
    destruct (Rlt_le_dec (orbit n) p) as [L|G].
    + pose proof (rises (orbit n) ltac:(lra)); lra.
    + apply Rle_trans with (f m); [apply Rmin_r|apply Hm; lra].
Qed.

(** ** Lower and upper limit *)

Variables l L : R.
Hypothesis lower : is_LimInf_seq orbit l.
Hypothesis upper : is_LimSup_seq orbit L.

(** Values of a continuous function near a point are near its value there. *)
Lemma near : forall x eps, 0 < eps ->
  exists d, 0 < d /\ forall y, Rabs (y - x) < d -> Rabs (f y - f x) < eps.
Proof.
  intros x eps He; destruct (continuous x eps He) as [d [Hd H]].
  exists d; split; [exact Hd|intros y Hy].
  destruct (Req_dec x y) as [->|N]; [rewrite Rminus_diag_eq, Rabs_R0; auto|].
  apply (H y); split; [split; [exact I|exact N]|exact Hy].
Qed.

(** The orbit ends up within d of [l, L]. *)
Lemma eventually_between : forall d, 0 < d ->
  exists N, forall n, (N <= n)%nat -> l - d < orbit n < L + d.
Proof.
  intros d Hd.
  destruct (proj2 (lower (mkposreal d Hd))) as [N1 H1].
  destruct (proj2 (upper (mkposreal d Hd))) as [N2 H2].
  exists (max N1 N2); intros n Hn; split; [apply H1; lia|apply H2; lia].
Qed.

(** The lower limit is at most the upper one. *)
Lemma l_le_L : l <= L.
Proof.
  destruct (Rle_lt_dec l L) as [H|H]; [exact H|exfalso].
  destruct (eventually_between ((l - L) / 2) ltac:(lra)) as [N HN].
  specialize (HN N (Nat.le_refl N)); lra.
Qed.

(** A bound for f on [l, L], strict by m, holds by m/2 on a neighbourhood. *)
Lemma around (g : R -> R) (c m : R) :
  (forall x eps, 0 < eps -> exists d, 0 < d /\
     forall y, Rabs (y - x) < d -> Rabs (g y - g x) < eps) ->
  0 < m -> (forall x, l <= x <= L -> c + m <= g x) ->
  exists d, 0 < d /\ forall x, l - d < x < L + d -> c + m / 2 <= g x.
Proof.
  intros Hg Hm Hc; pose proof l_le_L as HlL.
  destruct (Hg l (m / 2) ltac:(lra)) as [d1 [Hd1 H1]].
  destruct (Hg L (m / 2) ltac:(lra)) as [d2 [Hd2 H2]].
  exists (Rmin d1 d2); split; [apply Rmin_glb_lt; assumption|intros x Hx].
  pose proof (Rmin_l d1 d2); pose proof (Rmin_r d1 d2).
  destruct (Rlt_le_dec x l) as [A|A]; [|destruct (Rlt_le_dec L x) as [B|B]].
  - pose proof (Hc l ltac:(lra)); pose proof (H1 x ltac:(apply Rabs_def1; lra)) as C.
    apply Rabs_def2 in C; lra.
  - pose proof (Hc L ltac:(lra)); pose proof (H2 x ltac:(apply Rabs_def1; lra)) as C.
    apply Rabs_def2 in C; lra.
  - pose proof (Hc x ltac:(lra)); lra.
Qed.

(** Some point of [l, L] is sent to l or below. *)
Lemma reaches_lower : exists z, l <= z <= L /\ f z <= l.
Proof.
  destruct (continuity_ab_min f l L l_le_L) as [z [Hz Hin]]; [intros; apply continuous|].
  exists z; split; [exact Hin|].
  destruct (Rle_lt_dec (f z) l) as [H|H]; [exact H|exfalso].
  destruct (around f l (f z - l) near ltac:(lra)) as [d [Hd Ha]].
  { intros x Hx; pose proof (Hz x Hx); lra. }
  destruct (eventually_between d Hd) as [N HN].
  destruct (proj1 (lower (mkposreal ((f z - l) / 2) ltac:(lra))) (S N)) as [[|n] [Hn Hlt]]; [lia|].
  simpl in Hlt; change (f (orbit n) < l + (f z - l) / 2) in Hlt.
  pose proof (Ha (orbit n) (HN n ltac:(lia))); lra.
Qed.

(** Some point of [l, L] is sent to L or above. *)
Lemma reaches_upper : exists w, l <= w <= L /\ L <= f w.
Proof.
  destruct (continuity_ab_maj f l L l_le_L) as [w [Hw Hin]]; [intros; apply continuous|].
  exists w; split; [exact Hin|].
  destruct (Rle_lt_dec L (f w)) as [H|H]; [exact H|exfalso].
  destruct (around (fun x => - f x) (- L) (L - f w)) as [d [Hd Ha]].
  { intros x eps He; destruct (near x eps He) as [d [Hd Hn]]; exists d; split; [exact Hd|].
    intros y Hy; replace (- f y - - f x) with (- (f y - f x)) by ring.
    rewrite Rabs_Ropp; auto. }
  { lra. }
  { intros x Hx; pose proof (Hw x Hx); lra. }
  destruct (eventually_between d Hd) as [N HN].
  destruct (proj1 (upper (mkposreal ((L - f w) / 2) ltac:(lra))) (S N)) as [[|n] [Hn Hlt]]; [lia|].
  simpl in Hlt; change (L - (L - f w) / 2 < f (orbit n)) in Hlt.
  pose proof (Ha (orbit n) (HN n ltac:(lia))); lra.
Qed.

(** Both limits are p. *)
Lemma limits_agree : l = p /\ L = p.
Proof.
  destruct orbit_away as [a [Ha Haway]].
  assert (Hl : 0 < l).
  { destruct (Rlt_le_dec 0 l) as [H|H]; [exact H|exfalso].
    destruct (proj1 (lower (mkposreal (a / 2) ltac:(lra))) 0%nat) as [n [_ Hn]].
    simpl in Hn; pose proof (Haway n); lra. }
  assert (HL : L <= b).
  { destruct (Rle_lt_dec L b) as [H|H]; [exact H|exfalso].
    destruct (proj1 (upper (mkposreal (L - b) ltac:(lra))) 0%nat) as [n [_ Hn]].
    simpl in Hn; pose proof (orbit_in n); lra. }
  destruct reaches_lower as [z [Hz Hfz]]; destruct reaches_upper as [w [Hw Hfw]].
  assert (Hlow : l < p -> p < z).
  { intros H; destruct (Rtotal_order z p) as [A|[A|A]]; [|subst; lra|lra].
    pose proof (rises z ltac:(lra)); lra. }
  assert (Hup : p < L -> w < p).
  { intros H; destruct (Rtotal_order w p) as [A|[A|A]]; [lra|subst; lra|].
    pose proof (falls w ltac:(lra)); lra. }
  destruct (Rlt_le_dec l p) as [A|A].
  - exfalso; specialize (Hlow A); specialize (Hup ltac:(lra)).
    (* f(p) = p < z ≤ L ≤ f(w), so f takes the value z at some v in [w, p) *)
    destruct (intermediate_value f p w z continuous) as [v [Hv E]]; [lra|].
    rewrite Rmin_right, Rmax_left in Hv by lra.
    assert (v <> p) by (intros ->; lra).
    pose proof (rises_twice v ltac:(lra)) as T; rewrite E in T; lra.
  - destruct (Rle_lt_dec L p) as [B|B]; [pose proof l_le_L; lra|].
    specialize (Hup B); lra.
Qed.

End Orbit.

(** ** The theorem *)

(** An orbit in (0, b] has a finite lower and a finite upper limit. *)
Lemma finite_limits : forall u b, (forall n, 0 < u n <= b) ->
  exists l L : R, is_LimInf_seq u l /\ is_LimSup_seq u L.
Proof.
  intros u b Hu.
  destruct (ex_LimInf_seq u) as [[l| |] Hl]; simpl in Hl.
  - destruct (ex_LimSup_seq u) as [[L| |] HL]; simpl in HL.
    + exists l, L; split; assumption.
    + destruct (HL b 0%nat) as [n [_ Hn]]; pose proof (Hu n); lra.
    + destruct (HL 0) as [n Hn]; pose proof (Hn n (Nat.le_refl n)); pose proof (Hu n); lra.
  - destruct (Hl b) as [n Hn]; pose proof (Hn n (Nat.le_refl n)); pose proof (Hu n); lra.
  - destruct (Hl 0 0%nat) as [n [_ Hn]]; pose proof (Hu n); lra.
Qed.

(** Conditions (i) to (iv) send every orbit from (0, b] to p. *)
Theorem orbits_converge : forall f p b,
  continuity f -> f p = p -> 0 < p -> p <= b ->
  (forall x, 0 < x <= b -> 0 < f x <= b) ->
  (forall x, 0 < x < p -> x < f x) ->
  (forall x, p < x <= b -> f x < x) ->
  (forall x, 0 < x < p -> x < f (f x)) ->
  forall x0, 0 < x0 <= b -> is_lim_seq (fun n => Nat.iter n f x0) p.
Proof.
  intros f p b Hc Hfix Hp Hpb Hin Hrise Hfall Htwice x0 Hx0.
  destruct (finite_limits (fun n => Nat.iter n f x0) b) as [l [L [Hl HL]]].
  { intros n; apply (orbit_in f b Hin x0 Hx0). }
  destruct (limits_agree f p b Hc Hfix Hp Hpb Hin Hrise Hfall Htwice x0 Hx0 l L Hl HL)
    as [-> ->].
  apply is_LimSup_LimInf_lim_seq; assumption.
Qed.
