(** * What holds for all schedules, and for all maps of the article's families

    The clauses of the report that no certificate covers because they range over all coefficients: the slope of a
    composition, the multipliers at 1 of all cubics and quintics that fix 1, what a multiplier says, that five steps of
    (3/2, -1/2) increase, and that the first passage falls as the first coefficient grows. *)

From Coq Require Import Reals List Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Bands Members.
Import ListNotations.
Local Open Scope R_scope.

(** ** Slopes *)

(** c1 x + c3 x³ + c5 x⁵ + … *)
Fixpoint odd_sum (row : list R) (x : R) : R :=
  match row with [] => 0 | c :: row' => c * x + x ^ 2 * odd_sum row' x end.

(** The steps one after another. *)
Fixpoint composed (rows : list (list R)) (x : R) : R :=
  match rows with [] => x | row :: rows' => composed rows' (odd_sum row x) end.

Lemma odd_sum_zero : forall row, odd_sum row 0 = 0.
Proof. induction row as [|c row IH]; simpl; [reflexivity|rewrite IH; ring]. Qed.

Lemma odd_sum_slope : forall row, is_derive (odd_sum row) 0 (hd 0 row).
Proof.
  induction row as [|c row IH]; simpl.
  - apply (is_derive_const 0 0).
  - auto_derive; [exists (hd 0 row); exact IH|].
    simpl; ring.
Qed.

(** φ'(0) is the product of the first coefficients, for every schedule. *)
Theorem slope_of_schedule : forall rows,
  is_derive (composed rows) 0 (fold_right Rmult 1 (map (hd 0) rows)).
Proof.
  induction rows as [|row rows IH]; simpl.
  - apply (is_derive_id 0).
  - rewrite <- (odd_sum_zero row) in IH at 1.
    pose proof (is_derive_comp (composed rows) (odd_sum row) 0 _ _ IH (odd_sum_slope row)) as D.
    exact D.
Qed.

(** ** Images *)

(** z is a value of f on [l, u]. *)
Definition value_on (f : R -> R) (l u z : R) : Prop := exists x, l <= x <= u /\ f x = z.

Lemma composed_app : forall first later x, composed (first ++ later) x = composed later (composed first x).
Proof. induction first as [|row first IH]; intros later x; [reflexivity|apply IH]. Qed.

Lemma odd_sum_continuous : forall row, continuity (odd_sum row).
Proof.
  induction row as [|c row IH]; intros x; [apply continuity_pt_const; intros y z; reflexivity|].
  apply (continuity_pt_plus (fun x => c * x) (fun x => x ^ 2 * odd_sum row x)); [reg|].
  apply (continuity_pt_mult (fun x => x ^ 2) (odd_sum row)); [reg|apply IH].
Qed.
Lemma composed_continuous : forall rows, continuity (composed rows).
Proof.
  induction rows as [|row rows IH]; intros x; [apply derivable_continuous_pt, derivable_pt_id|].
  apply (continuity_pt_comp (odd_sum row) (composed rows)); [apply odd_sum_continuous|apply IH].
Qed.

(** The image of an interval is an interval, for every schedule. *)
Theorem image_is_interval : forall rows l u, l <= u ->
  exists m M, forall z, value_on (composed rows) l u z <-> m <= z <= M.
Proof.
  intros rows l u Hlu; pose proof (composed_continuous rows) as C.
  destruct (continuity_ab_min (composed rows) l u Hlu (fun x _ => C x)) as [lo [Hlo Il]].
  destruct (continuity_ab_maj (composed rows) l u Hlu (fun x _ => C x)) as [hi [Hhi Ih]].
  exists (composed rows lo), (composed rows hi); intros z; split.
  - intros [x [Hx <-]]; split; [apply Hlo|apply Hhi]; exact Hx.
  - intros Hz; destruct (intermediate_value (composed rows) lo hi z C Hz) as [x [Hx E]].
    exists x; split; [|exact E]; unfold Rmin, Rmax in Hx; destruct (Rle_dec lo hi); lra.
Qed.

(** The image under a composition is the image, under what comes later, of the image under what comes first. *)
Theorem image_of_composition : forall first later l u m M, (forall z, value_on (composed first) l u z <-> m <= z <= M) ->
  forall z, value_on (composed (first ++ later)) l u z <-> value_on (composed later) m M z.
Proof.
  intros first later l u m M H z; split.
  - intros [x [Hx E]]; rewrite composed_app in E; exists (composed first x); split; [apply H; exists x; auto|exact E].
  - intros [y [Hy E]]; apply H in Hy as [x [Hx <-]]; exists x; split; [exact Hx|rewrite composed_app; exact E].
Qed.

(** ** Multipliers at 1 *)

(** f(1) = 1 in degree three: f'(1) = 3 - 2a, and |f'(1)| < 1 exactly for 1 < a < 2. *)
Theorem cubic_multiplier : forall a,
  is_derive (fun x => a * x + (1 - a) * x ^ 3) 1 (3 - 2 * a) /\
  (Rabs (3 - 2 * a) < 1 <-> 1 < a < 2) /\ (1 < 3 - 2 * a <-> a < 1) /\ (3 - 2 * a < -1 <-> 2 < a).
Proof.
  intros a; split; [auto_derive; [exact I|ring]|split; [|lra]].
  unfold Rabs; destruct (Rcase_abs (3 - 2 * a)); lra.
Qed.

(** f(1) = 1 in degree five: f'(1) = 5 - 4a - 2b, and |f'(1)| < 1 exactly for 2 - 2a < b < 3 - 2a. *)
Theorem quintic_multiplier : forall a b,
  is_derive (fun x => a * x + b * x ^ 3 + (1 - a - b) * x ^ 5) 1 (5 - 4 * a - 2 * b) /\
  (Rabs (5 - 4 * a - 2 * b) < 1 <-> 2 - 2 * a < b < 3 - 2 * a) /\
  (1 < 5 - 4 * a - 2 * b <-> b < 2 - 2 * a) /\ (5 - 4 * a - 2 * b < -1 <-> 3 - 2 * a < b).
Proof.
  intros a b; split; [auto_derive; [exact I|ring]|split; [|lra]].
  unfold Rabs; destruct (Rcase_abs (5 - 4 * a - 2 * b)); lra.
Qed.

(** ** What a multiplier says *)

(** A limit of an orbit is fixed. *)
Theorem limit_is_fixed : forall f p x0, continuity_pt f p ->
  is_lim_seq (fun n => Nat.iter n f x0) p -> f p = p.
Proof.
  intros f p x0 Hf H.
  assert (A : is_lim_seq (fun n => f (Nat.iter n f x0)) (f p)).
  { apply is_lim_seq_continuous; [exact Hf|exact H]. }
  assert (B : is_lim_seq (fun n => Nat.iter (S n) f x0) p) by (apply is_lim_seq_incr_1 in H; exact H).
  pose proof (is_lim_seq_unique _ _ A) as UA; pose proof (is_lim_seq_unique _ _ B) as UB.
  simpl in UB; rewrite UA in UB; injection UB; auto.
Qed.

(** Near p, |f(x) - p| lies between (|d| - e)|x - p| and (|d| + e)|x - p|. *)
Lemma near_fixed : forall f p d e, f p = p -> derivable_pt_lim f p d -> 0 < e ->
  exists delta, 0 < delta /\ forall x, Rabs (x - p) < delta ->
  (Rabs d - e) * Rabs (x - p) <= Rabs (f x - p) <= (Rabs d + e) * Rabs (x - p).
Proof.
  intros f p d e Hp D He; destruct (D e He) as [[delta Hd] H]; exists delta; split; [exact Hd|].
  intros x Hx; destruct (Req_dec x p) as [->|N].
  { rewrite Hp; replace (p - p) with 0 by ring; rewrite Rabs_R0; lra. }
  assert (Hh : x - p <> 0) by lra.
  specialize (H (x - p) Hh Hx); rewrite Hp in H; replace (p + (x - p)) with x in H by ring.
  assert (E : f x - p = ((f x - p) / (x - p)) * (x - p)) by (field; exact Hh).
  set (q := (f x - p) / (x - p)) in *; rewrite E, Rabs_mult.
  pose proof (Rabs_triang_inv d q) as T1; pose proof (Rabs_triang_inv q d) as T2.
  rewrite (Rabs_minus_sym d q) in T1; pose proof (Rabs_pos (x - p)); split; apply Rmult_le_compat_r; lra.
Qed.

(** |f'(p)| < 1 is sufficient: orbits from near p tend to p. *)
Theorem attraction : forall f p d, f p = p -> derivable_pt_lim f p d -> Rabs d < 1 ->
  exists delta, 0 < delta /\ forall x0, Rabs (x0 - p) < delta -> is_lim_seq (fun n => Nat.iter n f x0) p.
Proof.
  intros f p d Hp D Hd; pose proof (Rabs_pos d).
  destruct (near_fixed f p d ((1 - Rabs d) / 2) Hp D ltac:(lra)) as [delta [Hdelta H1]].
  set (k := Rabs d + (1 - Rabs d) / 2) in *; assert (Hk : 0 <= k < 1) by (unfold k; lra).
  exists delta; split; [exact Hdelta|]; intros x0 Hx0.
  assert (B : forall n, Rabs (Nat.iter n f x0 - p) <= k ^ n * Rabs (x0 - p)).
  { induction n as [|n IH]; [simpl; lra|].
    assert (k ^ n * Rabs (x0 - p) <= Rabs (x0 - p)).
    { pose proof (pow_incr k 1 n ltac:(lra)) as P; rewrite pow1 in P; pose proof (Rabs_pos (x0 - p)).
      pose proof (Rmult_le_compat_r (Rabs (x0 - p)) _ _ ltac:(lra) P); lra. }
    pose proof (H1 (Nat.iter n f x0) ltac:(lra)) as [_ U].
    change (Nat.iter (S n) f x0) with (f (Nat.iter n f x0)); simpl; rewrite Rmult_assoc.
    apply Rle_trans with (1 := U); apply Rmult_le_compat_l; [lra|exact IH]. }
  apply is_lim_seq_ext with (fun n => (Nat.iter n f x0 - p) + p); [intros; ring|].
  replace (Finite p) with (Rbar_plus 0 p) by (simpl; f_equal; ring).
  apply is_lim_seq_plus'; [|apply is_lim_seq_const].
  apply is_lim_seq_abs_0, (is_lim_seq_le_le (fun _ => 0) _ (fun n => k ^ n * Rabs (x0 - p))).
  - intros n; split; [apply Rabs_pos|apply B].
  - apply is_lim_seq_const.
  - replace (Finite 0) with (Rbar_mult 0 (Rabs (x0 - p))) by (simpl; f_equal; ring).
    apply is_lim_seq_mult'; [|apply is_lim_seq_const].
    apply is_lim_seq_geom; rewrite Rabs_pos_eq; lra.
Qed.

(** |f'(p)| ≤ 1 is necessary: else an orbit tends to p only by landing on it. *)
Theorem repulsion : forall f p d x0, f p = p -> derivable_pt_lim f p d -> 1 < Rabs d ->
  is_lim_seq (fun n => Nat.iter n f x0) p -> exists n, Nat.iter n f x0 = p.
Proof.
  intros f p d x0 Hp D Hd H.
  destruct (near_fixed f p d (Rabs d - 1) Hp D ltac:(lra)) as [delta [Hdelta H1]].
  pose proof (proj2 (is_lim_seq_spec _ _) H) as Near; simpl in Near.
  destruct (Near (mkposreal delta Hdelta)) as [N HN]; simpl in HN.
  destruct (Req_dec (Nat.iter N f x0) p) as [E|E]; [exists N; exact E|exfalso].
  assert (G : forall m, Rabs (Nat.iter N f x0 - p) <= Rabs (Nat.iter (N + m) f x0 - p)).
  { induction m as [|m IH]; [rewrite Nat.add_0_r; lra|].
    replace (N + S m)%nat with (S (N + m)) by lia.
    change (Nat.iter (S (N + m)) f x0) with (f (Nat.iter (N + m) f x0)).
    pose proof (H1 (Nat.iter (N + m) f x0) (HN (N + m)%nat ltac:(lia))) as [L _]; lra. }
  set (r := Rabs (Nat.iter N f x0 - p)) in *; assert (Hr : 0 < r) by (apply Rabs_pos_lt; lra).
  destruct (Near (mkposreal r Hr)) as [M HM]; simpl in HM.
  specialize (HM (N + M)%nat ltac:(lia)); specialize (G M); lra.
Qed.

(** ** Five steps of (3/2, -1/2) increase *)

Theorem smooth_steps_increase : forall n x y, 0 <= x -> x < y -> y <= 1 ->
  let f := fun x => 3 / 2 * x - 1 / 2 * x ^ 3 in
  0 <= Nat.iter n f x < Nat.iter n f y /\ Nat.iter n f y <= 1.
Proof.
  intros n x y Hx Hxy Hy f; induction n as [|n IH]; [simpl; lra|].
  change (Nat.iter (S n) f x) with (f (Nat.iter n f x)); change (Nat.iter (S n) f y) with (f (Nat.iter n f y)).
  set (u := Nat.iter n f x) in *; set (v := Nat.iter n f y) in *; unfold f.
  assert (E : 3 / 2 * v - 1 / 2 * v ^ 3 - (3 / 2 * u - 1 / 2 * u ^ 3) =
    (v - u) * (1 / 2 * ((1 - u ^ 2) + (1 - u * v) + (1 - v ^ 2)))) by field.
  assert (u * u < 1) by nra; assert (u * v <= 1) by nra; assert (v * v <= 1) by nra.
  assert (0 < (v - u) * (1 / 2 * ((1 - u ^ 2) + (1 - u * v) + (1 - v ^ 2)))).
  { apply Rmult_lt_0_compat; [lra|]; simpl; lra. }
  assert (1 - (3 / 2 * v - 1 / 2 * v ^ 3) = (1 - v) ^ 2 * (v + 2) / 2) by field.
  pose proof (pow2_ge_0 (1 - v)); split; [split|]; [| lra |].
  - assert (0 <= u * (3 / 2 - 1 / 2 * u ^ 2)) by (apply Rmult_le_pos; [lra|simpl; lra]).
    replace (3 / 2 * u - 1 / 2 * u ^ 3) with (u * (3 / 2 - 1 / 2 * u ^ 2)) by field; assumption.
  - assert (0 <= (1 - v) ^ 2 * (v + 2)) by (apply Rmult_le_pos; lra); lra.
Qed.

(** ** The first passage falls *)

(** Between 0 and x a step that goes from 0 to at least u takes the value u. *)
Lemma takes : forall f u x, continuity f -> f 0 = 0 -> 0 <= u -> 0 <= x -> u <= f x ->
  exists v, 0 <= v <= x /\ f v = u.
Proof.
  intros f u x Hf H0 Hu Hx Hux; destruct (intermediate_value f 0 x u Hf ltac:(lra)) as [v [Hv E]].
  rewrite Rmin_left, Rmax_right in Hv by lra; exists v; split; assumption.
Qed.

(** Steps at the front, and in two parts. *)
Lemma iter_front : forall (f : R -> R) m x, Nat.iter (S m) f x = Nat.iter m f (f x).
Proof. intros f m x; induction m as [|m IH]; [reflexivity|simpl in *; rewrite IH; reflexivity]. Qed.
Lemma iter_parts : forall (f : R -> R) m k x, Nat.iter (m + k) f x = Nat.iter m f (Nat.iter k f x).
Proof. intros f m k x; induction m as [|m IH]; [reflexivity|simpl; rewrite IH; reflexivity]. Qed.

(** Every level of [0, 1] is reached in m steps from below it, if f(v) ≥ v on [0, 1]. *)
Lemma reaches : forall f L m, continuity f -> f 0 = 0 -> (forall v, 0 <= v <= 1 -> v <= f v) -> 0 <= L <= 1 ->
  exists v, 0 <= v <= L /\ Nat.iter m f v = L.
Proof.
  intros f L m Hf H0 Hup HL; induction m as [|m [v [Hv E]]]; [exists L; split; [lra|reflexivity]|].
  destruct (takes f v v Hf H0 ltac:(lra) ltac:(lra) (Hup v ltac:(lra))) as [w [Hw Ew]].
  exists w; split; [lra|]; rewrite iter_front, Ew; exact E.
Qed.

(** Iterates of a continuous map are continuous. *)
Lemma iterates_continuous : forall f m, continuity f -> continuity (fun x => Nat.iter m f x).
Proof.
  intros f m Hf; induction m as [|m IH]; [intros x; apply derivable_continuous_pt, derivable_pt_id|].
  intros x; apply (continuity_pt_comp (fun x => Nat.iter m f x) f); [apply IH|apply Hf].
Qed.

Lemma iterates_zero : forall f m, f 0 = 0 -> Nat.iter m f 0 = 0.
Proof. intros f m H; induction m as [|m IH]; [reflexivity|simpl; rewrite IH; exact H]. Qed.

(** x is the first passage of f at level L after n steps. *)
Definition first_passage (f : R -> R) (L : R) (n : nat) (x : R) : Prop :=
  0 < x /\ Nat.iter n f x = L /\ forall z, 0 < z < x -> Nat.iter n f z < L.

(** On the way to the first passage no iterate passes L. *)
Lemma stays_low : forall f L n x, continuity f -> f 0 = 0 -> (forall v, 0 <= v <= 1 -> v <= f v) -> 0 < L < 1 ->
  first_passage f L n x -> forall k, (k <= n)%nat -> Nat.iter k f x <= L.
Proof.
  intros f L n x Hf H0 Hup HL [Hx [E Hfirst]] k Hk; apply Rnot_lt_le; intros C.
  destruct (reaches f L (n - k) Hf H0 Hup ltac:(lra)) as [v [Hv Ev]].
  assert (0 < v).
  { destruct (Req_dec v 0) as [->|]; [rewrite iterates_zero in Ev by exact H0|]; lra. }
  destruct (takes (fun x => Nat.iter k f x) v x (iterates_continuous f k Hf) (iterates_zero f k H0)
    ltac:(lra) ltac:(lra) ltac:(lra)) as [z [Hz Ez]]; cbn beta in *.
  assert (z <> x) by (intros ->; lra).
  assert (z <> 0) by (intros ->; rewrite iterates_zero in Ez by exact H0; lra).
  pose proof (Hfirst z ltac:(lra)) as Low.
  replace n with ((n - k) + k)%nat in Low by lia; rewrite iter_parts, Ez, Ev in Low; lra.
Qed.

(** Nor does any fall back below x. *)
Lemma stays_high : forall f L n x, continuity f -> f 0 = 0 -> (forall v, 0 <= v <= 1 -> v <= f v) -> 0 < L < 1 ->
  first_passage f L n x -> forall k, (k <= n)%nat -> x <= Nat.iter k f x.
Proof.
  intros f L n x Hf H0 Hup HL Hx; pose proof (stays_low f L n x Hf H0 Hup HL Hx) as Low; destruct Hx as [Px _].
  induction k as [|k IH]; intros Hk; [simpl; lra|].
  change (Nat.iter (S k) f x) with (f (Nat.iter k f x)); specialize (IH ltac:(lia)); specialize (Low k ltac:(lia)).
  pose proof (Hup (Nat.iter k f x) ltac:(lra)); lra.
Qed.

(** If g > f on (0, 1), g's first passage comes before f's (n ≥ 1). *)
Theorem first_passage_falls : forall f g L n x y, continuity f -> continuity g -> f 0 = 0 -> g 0 = 0 ->
  (forall v, 0 <= v <= 1 -> v <= f v) -> (forall v, 0 < v < 1 -> f v < g v) -> (0 < n)%nat -> 0 < L < 1 ->
  first_passage f L n x -> first_passage g L n y -> y < x.
Proof.
  intros f g L n x y Hf Hg F0 G0 Hup Hlt Hn HL Hx Hy; apply Rnot_le_lt; intros C.
  pose proof (stays_low f L n x Hf F0 Hup HL Hx) as Low.
  pose proof (stays_high f L n x Hf F0 Hup HL Hx) as High; destruct Hx as [Px [Ex _]].
  assert (R : forall k, (k <= n)%nat -> exists u, 0 <= u <= x /\ Nat.iter k f x <= Nat.iter k g u /\
    ((0 < k)%nat -> Nat.iter k f x < Nat.iter k g u)).
  { induction k as [|k IH]; intros Hk; [exists x; simpl; repeat split; try lra; lia|].
    destruct (IH ltac:(lia)) as [u [Hu [Hle _]]]; pose proof (High k ltac:(lia)) as P; pose proof (Low k ltac:(lia)).
    destruct (takes (fun z => Nat.iter k g z) (Nat.iter k f x) u (iterates_continuous g k Hg) (iterates_zero g k G0)
      ltac:(lra) ltac:(lra) Hle) as [z [Hz Ez]]; cbn beta in Ez.
    exists z; pose proof (Hlt (Nat.iter k f x) ltac:(lra)) as Grow.
    change (Nat.iter (S k) f x) with (f (Nat.iter k f x)); change (Nat.iter (S k) g z) with (g (Nat.iter k g z)).
    rewrite Ez; repeat split; lra. }
  destruct (R n ltac:(lia)) as [u [Hu [_ Past]]]; specialize (Past Hn); rewrite Ex in Past.
  destruct (takes (fun z => Nat.iter n g z) L u (iterates_continuous g n Hg) (iterates_zero g n G0)
    ltac:(lra) ltac:(lra) ltac:(lra)) as [z [Hz Ez]]; cbn beta in Ez.
  assert (z <> u) by (intros ->; lra).
  assert (z <> 0) by (intros ->; rewrite iterates_zero in Ez by exact G0; lra).
  destruct Hy as [_ [_ Hfirst]]; pose proof (Hfirst z ltac:(lra)); lra.
Qed.

(** The cubics with f(1) = 1 grow with a at every x of (0, 1), and so do the quintics with one f'(1). *)
Theorem cubics_grow : forall a b v, a < b -> 0 < v < 1 -> a * v + (1 - a) * v ^ 3 < b * v + (1 - b) * v ^ 3.
Proof.
  intros a b v Hab Hv; assert (0 < (b - a) * (v * (1 - v ^ 2))).
  { apply Rmult_lt_0_compat; [lra|apply Rmult_lt_0_compat; [lra|nra]]. }
  replace (b * v + (1 - b) * v ^ 3) with (a * v + (1 - a) * v ^ 3 + (b - a) * (v * (1 - v ^ 2))) by ring; lra.
Qed.

Theorem quintics_grow : forall a b s v, a < b -> 0 < v < 1 ->
  a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5 <
  b * v + ((5 - s) / 2 - 2 * b) * v ^ 3 + (b - (3 - s) / 2) * v ^ 5.
Proof.
  intros a b s v Hab Hv; assert (0 < (b - a) * (v * (1 - v ^ 2) ^ 2)).
  { apply Rmult_lt_0_compat; [lra|apply Rmult_lt_0_compat; [lra|apply pow_lt; nra]]. }
  replace (b * v + ((5 - s) / 2 - 2 * b) * v ^ 3 + (b - (3 - s) / 2) * v ^ 5) with
    (a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5 + (b - a) * (v * (1 - v ^ 2) ^ 2)) by field; lra.
Qed.

(** Both are at least v on [0, 1]. *)
Theorem cubic_rises : forall a v, 1 <= a -> 0 <= v <= 1 -> v <= a * v + (1 - a) * v ^ 3.
Proof.
  intros a v Ha Hv; assert (0 <= (a - 1) * (v * (1 - v ^ 2))).
  { apply Rmult_le_pos; [lra|apply Rmult_le_pos; [lra|nra]]. }
  replace (a * v + (1 - a) * v ^ 3) with (v + (a - 1) * (v * (1 - v ^ 2))) by ring; lra.
Qed.

Theorem quintic_rises : forall a s v, 1 <= a -> s <= 1 -> 0 <= v <= 1 ->
  v <= a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5.
Proof.
  intros a s v Ha Hs Hv.
  assert (A : 0 <= v * (1 - v ^ 2)) by (apply Rmult_le_pos; [lra|nra]).
  assert (B : 0 <= (a - 1) * (1 - v ^ 2) + (1 - s) / 2 * v ^ 2).
  { assert (0 <= (a - 1) * (1 - v ^ 2)) by (apply Rmult_le_pos; nra).
    assert (0 <= (1 - s) / 2 * v ^ 2) by (apply Rmult_le_pos; [lra|apply pow2_ge_0]); lra. }
  pose proof (Rmult_le_pos _ _ A B).
  replace (a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5) with
    (v + v * (1 - v ^ 2) * ((a - 1) * (1 - v ^ 2) + (1 - s) / 2 * v ^ 2)) by field; lra.
Qed.

(** So for all cubics with f(1) = 1, 1 ≤ a < b, the first passage falls, at every level L of (0, 1), after any n steps. *)
Theorem cubic_first_passage : forall a b L n x y, 1 <= a -> a < b -> (0 < n)%nat -> 0 < L < 1 ->
  first_passage (fun v => a * v + (1 - a) * v ^ 3) L n x ->
  first_passage (fun v => b * v + (1 - b) * v ^ 3) L n y -> y < x.
Proof.
  intros a b L n x y Ha Hab Hn HL; apply first_passage_falls; auto; try ring.
  - reg.
  - reg.
  - intros; apply cubic_rises; assumption.
  - intros; apply cubics_grow; assumption.
Qed.

(** And for all quintics with f(1) = 1 and one f'(1) = s ≤ 1. *)
Theorem quintic_first_passage : forall a b s L n x y, 1 <= a -> a < b -> s <= 1 -> (0 < n)%nat -> 0 < L < 1 ->
  first_passage (fun v => a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5) L n x ->
  first_passage (fun v => b * v + ((5 - s) / 2 - 2 * b) * v ^ 3 + (b - (3 - s) / 2) * v ^ 5) L n y -> y < x.
Proof.
  intros a b s L n x y Ha Hab Hs Hn HL; apply first_passage_falls; auto; try ring.
  - reg.
  - reg.
  - intros; apply quintic_rises; assumption.
  - intros; apply quintics_grow; assumption.
Qed.

(** ** Far along the families *)

(** Every quintic with f(1) = 1, |f'(1)| ≤ 1 and f'(0) ≥ 4 sends 1/2 past every bound. *)
Theorem steep_quintics_escape : forall a s, 4 <= a -> -1 <= s <= 1 ->
  let f := fun v => a * v + ((5 - s) / 2 - 2 * a) * v ^ 3 + (a - (3 - s) / 2) * v ^ 5 in
  is_lim_seq (fun n => Rabs (Nat.iter n f (1 / 2))) p_infty.
Proof.
  intros a s Ha Hs f; set (p := (1 - s) / 2); assert (Hp : 0 <= p <= 1) by (unfold p; lra).
  set (w := fun y => p + (1 - y) * (a - 1 - p)); set (g := fun y => 1 + (1 - y) * w y).
  replace (1 / 2) with (sqrt (1 / 4)).
  2: { replace (1 / 4) with ((1 / 2) * (1 / 2)) by field; apply sqrt_square; lra. }
  assert (Zbig : 3 / 2 < 1 / 4 * g (1 / 4) ^ 2).
  { unfold g, w; assert (5 / 2 < 1 + (1 - 1 / 4) * (p + (1 - 1 / 4) * (a - 1 - p))) by lra; nra. }
  apply (escapes_above f g w).
  - intros x; unfold f, g, w, p; field.
  - intros y; reflexivity.
  - intros y z Hy Hyz; unfold w; assert (0 < (z - y) * (a - 1 - p)) by (apply Rmult_lt_0_compat; lra); lra.
  - lra.
  - lra.
  - set (z := 1 / 4 * g (1 / 4) ^ 2) in *; unfold w.
    assert (1 / 2 * (a - 1 - p) < (z - 1) * (a - 1 - p)) by (apply Rmult_lt_compat_r; lra); lra.
Qed.

(** Every cubic with f(1) = 1 and f'(0) ≥ 4 sends 1/2 past every bound, with alternating signs. *)
Theorem steep_cubics_escape : forall a, 4 <= a ->
  let f := fun v => a * v + (1 - a) * v ^ 3 in
  is_lim_seq (fun n => Rabs (Nat.iter n f (1 / 2))) p_infty /\
  forall n, (0 < n)%nat -> Nat.iter n f (1 / 2) * Nat.iter (S n) f (1 / 2) < 0.
Proof.
  intros a Ha f; set (g := fun y => a + (1 - a) * y).
  replace (1 / 2) with (sqrt (1 / 4)).
  2: { replace (1 / 4) with ((1 / 2) * (1 / 2)) by field; apply sqrt_square; lra. }
  assert (Zbig : 2 < 1 / 4 * g (1 / 4) ^ 2).
  { unfold g; assert (3 < a + (1 - a) * (1 / 4)) by lra; nra. }
  apply (escapes_alternating f g).
  - intros x; unfold f, g; ring.
  - intros y z Hy Hyz; unfold g; assert (0 < (z - y) * (a - 1)) by (apply Rmult_lt_0_compat; lra); lra.
  - lra.
  - lra.
  - set (z := 1 / 4 * g (1 / 4) ^ 2) in *; unfold g.
    assert (2 * (a - 1) < z * (a - 1)) by (apply Rmult_lt_compat_r; lra); lra.
Qed.
