(** * composition-bound: how well compositions can approximate 1

    A step on [a, b] with a/b ≤ r and minimax error at least E on [r, 1] leaves
    an image of ratio at most (1 - E)/(1 + E): else one multiple of the step
    would do better than E. If its values may moreover be moved by n times the
    largest modulus, that is at most (1 - E')/(1 + E') with
    1 + E' = (1 + E)(1 + n). So the steps can be bounded one after the other,
    each on the smallest ratio that the ones before can have left. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands Minimax.
Import ListNotations.
Local Open Scope R_scope.

(** ** Multiples, in argument and value *)

Fixpoint dilate (s t : R) (q : list R) : list R :=
  match q with [] => [] | a :: q' => s * a :: dilate (s * t) t q' end.

(** s q(t y), from the coefficients of q. *)
Lemma horner_dilate : forall q s t y, horner (dilate s t q) y = s * horner q (t * y).
Proof. induction q as [|a q IH]; intros s t y; simpl; [ring|]; rewrite IH; ring. Qed.

(** It has as many coefficients. *)
Lemma length_dilate : forall q s t, length (dilate s t q) = length q.
Proof. induction q; intros; simpl; auto. Qed.

(** c q(b x) is again an odd polynomial with as many coefficients. *)
Lemma odd_real_dilate : forall q b c x,
  odd_real (dilate (c * b) (b ^ 2) q) x = c * odd_real q (b * x).
Proof.
  intros; rewrite !odd_real_value, horner_dilate.
  replace ((b * x) ^ 2) with (b ^ 2 * x ^ 2) by ring; ring.
Qed.

(** In particular -q, which is also q(-x). *)
Definition opposite : list R -> list R := dilate (-1) 1.

(** -q takes the opposite values. *)
Lemma odd_real_opposite : forall q x, odd_real (opposite q) x = - odd_real q x.
Proof.
  intros; unfold opposite; rewrite !odd_real_value, horner_dilate, Rmult_1_l; ring.
Qed.

(** Odd polynomials are odd functions. *)
Lemma odd_real_odd : forall q x, odd_real q (- x) = - odd_real q x.
Proof.
  intros; rewrite !odd_real_value; replace ((- x) ^ 2) with (x ^ 2) by ring; ring.
Qed.

(** Odd polynomials are continuous. *)
Lemma odd_real_continuous : forall q, continuity (odd_real q).
Proof.
  intros q x.
  assert (H : continuity_pt (mult_fct id (comp (horner q) (fun x => x ^ 2))) x).
  { apply continuity_pt_mult; [apply derivable_continuous_pt, derivable_pt_id|].
    apply continuity_pt_comp.
    - apply derivable_continuous_pt; exists (INR 2 * x ^ 1); apply derivable_pt_lim_pow.
    - destruct q as [|a q]; [apply continuity_pt_const; intros ? ?; reflexivity|].
      apply derivable_continuous_pt; exists (horner (slope_from 1 q) (x ^ 2)).
      apply horner_derivative. }
  intros eps He; destruct (H eps He) as [d [Hd Hn]]; exists d; split; [exact Hd|].
  intros y Hy; rewrite !odd_real_value; exact (Hn y Hy).
Qed.

(** ** Steps that err *)

(** What a step may make of the values in K: each is moved by at most n times a modulus of the step. *)
Definition moved (f : R -> R) (n : R) (K : R -> Prop) (y : R) : Prop :=
  exists x z, K x /\ K z /\ Rabs (y - f x) <= n * Rabs (f z).

(** And several steps, each with its n. *)
Fixpoint disturbed (K : R -> Prop) (steps : list ((R -> R) * R)) : R -> Prop :=
  match steps with [] => K | (f, n) :: rest => disturbed (moved f n K) rest end.

(** Zero stays within reach. *)
Lemma disturbed_zero : forall steps (K : R -> Prop), Forall (fun s => fst s 0 = 0) steps -> K 0 -> disturbed K steps 0.
Proof.
  intros steps K Z; revert K; induction Z as [|[f n] steps Zero Z IH]; intros K H; simpl in *; [exact H|].
  apply IH; exists 0, 0; rewrite Zero, Rminus_0_r, Rabs_R0; repeat split; [exact H|exact H|lra].
Qed.

(** More values lead to more. *)
Lemma disturbed_more : forall steps (K L : R -> Prop), (forall x, K x -> L x) ->
  forall y, disturbed K steps y -> disturbed L steps y.
Proof.
  induction steps as [|[q n] steps IH]; intros K L H y; simpl; [apply H|].
  apply IH; intros z [x [w [Kx [Kw E]]]]; exists x, w; auto.
Qed.

(** Steps that do not err. *)
Lemma disturbed_exactly : forall fs (K : R -> Prop) y, disturbed K (map (fun f => (f, 0)) fs) y ->
  exists x, K x /\ run fs x = y.
Proof.
  induction fs as [|f fs IH]; intros K y H; simpl in *; [exists y; auto|].
  destruct (IH _ _ H) as [x [[w [z [Kw [_ E]]]] Hx]]; exists w; split; [exact Kw|].
  rewrite Rmult_0_l in E; pose proof (Rabs_pos (x - f w)) as P.
  destruct (Req_dec (x - f w) 0) as [Z|N]; [|pose proof (Rabs_pos_lt _ N); lra].
  replace (f w) with x by lra; exact Hx.
Qed.

(** ** The greedy chain *)

(** A reference row, its number of coefficients, r, E and the alternation. *)
Record level := Level {
  reference : row; coefficients : nat; ratio : Q; error : Q; points : list Q }.

Definition level_holds (s : level) : bool :=
  minimax_test (reference s) (coefficients s) (ratio s) 1 (error s) (points s) &&
  Qle_bool 0 (error s) && Qle_bool (ratio s) 1.

(** E' of a level and an n. *)
Definition reached (s : level * Q) : Q := ((1 + error (fst s)) * (1 + snd s) - 1)%Q.

(** Each level holds, and its ratio is what the one before leaves; e ≤ the last E'. *)
Fixpoint levels_hold (s : level * Q) (rest : list (level * Q)) (e : Q) : bool :=
  level_holds (fst s) && Qle_bool 0 (snd s) &&
  match rest with
  | [] => Qle_bool e (reached s)
  | s' :: rest' =>
      Qle_bool (1 - reached s) (ratio (fst s') * (1 + reached s)) && levels_hold s' rest' e
  end.

(** The coefficient lists have the lengths that the levels name. *)
Fixpoint lengths (levels : list level) (qs : list (list R)) : Prop :=
  match levels, qs with
  | [], [] => True
  | s :: levels', q :: qs' => (length q <= coefficients s)%nat /\ lengths levels' qs'
  | _, _ => False
  end.

(** One level on [a, b]: some value of q lies E or more away from 1/c. *)
Lemma level_sound : forall s q a b c, level_holds s = true ->
  (length q <= coefficients s)%nat -> 0 < b -> a <= QR (ratio s) * b ->
  exists x, a <= x <= b /\ QR (error s) <= Rabs (1 - c * odd_real q x).
Proof.
  intros s q a b c H Hq Hb Hab; unfold level_holds in H.
  apply andb_true_iff in H as [H Hr]; apply andb_true_iff in H as [H _].
  destruct (minimax _ _ _ _ _ _ H (dilate (c * b) (b ^ 2) q)) as [x [Hx E]];
    [rewrite length_dilate; exact Hq|].
  rewrite odd_real_dilate in E; change (QR 1) with 1 in Hx.
  exists (b * x); split; [split; nra|exact E].
Qed.

(** From [a, b] a step that errs reaches 0, or all of an interval, or of its opposite, with a ratio of its ends of at
    most (1 - E')/(1 + E'). *)
Lemma step_sound : forall s n q (K : R -> Prop) a b, level_holds s = true -> 0 <= n ->
  (length q <= coefficients s)%nat -> 0 < a <= b -> a <= QR (ratio s) * b -> (forall x, a <= x <= b -> K x) ->
  moved (odd_real q) n K 0 \/
  exists a' b', 0 < a' <= b' /\ a' * ((1 + QR (error s)) * (1 + n)) <= (2 - (1 + QR (error s)) * (1 + n)) * b' /\
    ((forall y, a' <= y <= b' -> moved (odd_real q) n K y) \/
     (forall y, a' <= y <= b' -> moved (odd_real q) n K (- y))).
Proof.
  intros s n q K a b Hs Hn Hq Hab Hr HK.
  assert (HE : 0 <= QR (error s)).
  { unfold level_holds in Hs; apply andb_true_iff in Hs as [Hs _].
    apply andb_true_iff in Hs as [_ Hs]; apply QR_le in Hs; exact Hs. }
  set (E := QR (error s)) in *.
  pose proof (fun x (_ : a <= x <= b) => odd_real_continuous q x) as Hc.
  destruct (continuity_ab_min (odd_real q) a b ltac:(lra) Hc) as [lo [Hlo Hloin]].
  destruct (continuity_ab_maj (odd_real q) a b ltac:(lra) Hc) as [hi [Hhi Hhiin]].
  set (m := odd_real q lo) in *; set (M := odd_real q hi) in *.
  (* every value between m and M is taken on [a, b] *)
  assert (Val : forall z, m <= z <= M -> exists x, a <= x <= b /\ odd_real q x = z).
  { intros z Hz.
    destruct (intermediate_value (odd_real q) lo hi z (odd_real_continuous q) Hz) as [x [Hx Ex]].
    exists x; split; [|exact Ex].
    unfold Rmin, Rmax in Hx; destruct (Rle_dec lo hi); lra. }
  assert (HmM : m <= M) by (apply Hlo; exact Hhiin).
  (* and every one up to n times a modulus away is reached *)
  assert (Wide : forall z y, a <= z <= b -> let far := n * Rabs (odd_real q z) in
    m - far <= y <= M + far -> moved (odd_real q) n K y).
  { intros z y Hz far Hy; assert (0 <= far) by (apply Rmult_le_pos; [exact Hn|apply Rabs_pos]).
    destruct (Rlt_le_dec y m) as [Below|Above]; [|destruct (Rlt_le_dec M y) as [Beyond|Between]].
    - exists lo, z; repeat split; auto; fold m far; apply Rabs_le; lra.
    - exists hi, z; repeat split; auto; fold M far; apply Rabs_le; lra.
    - destruct (Val y ltac:(lra)) as [x [Hx Ex]]; exists x, z; repeat split; auto.
      rewrite Ex; replace (y - y) with 0 by ring; rewrite Rabs_R0; exact H. }
  (* a multiple of q has its values within (M - m)/(M + m) of 1, so E is at most that *)
  assert (Spread : 0 < m \/ M < 0 -> E * Rabs (M + m) <= M - m).
  { intros Hsign; assert (Hsum : M + m <> 0) by lra.
    destruct (level_sound s q a b (2 / (M + m)) Hs Hq ltac:(lra) Hr) as [x [Hx Ex]].
    fold E in Ex; specialize (Hlo x Hx); specialize (Hhi x Hx).
    apply Rmult_le_compat_r with (r := Rabs (M + m)) in Ex; [|apply Rabs_pos].
    rewrite <- Rabs_mult in Ex.
    replace ((1 - 2 / (M + m) * odd_real q x) * (M + m)) with (M + m - 2 * odd_real q x) in Ex
      by (field; exact Hsum).
    apply Rle_trans with (1 := Ex), Rabs_le; lra. }
  (* with the least modulus v and the largest w *)
  assert (Ends : forall v w, 0 < v <= w -> E * (w + v) <= w - v ->
    (v - n * w) * ((1 + E) * (1 + n)) <= (2 - (1 + E) * (1 + n)) * (w + n * w)).
  { intros v w Hv Hw; apply Rminus_le.
    replace ((v - n * w) * ((1 + E) * (1 + n)) - (2 - (1 + E) * (1 + n)) * (w + n * w))
      with ((1 + n) * (E * (w + v) - (w - v))) by ring.
    nra. }
  destruct (Rlt_le_dec 0 m) as [Pos|Nonpos]; [|destruct (Rlt_le_dec M 0) as [Neg|Nonneg]].
  - specialize (Spread (or_introl Pos)); rewrite Rabs_pos_eq in Spread by lra.
    pose proof (Wide hi) as W; cbv zeta in W; fold M in W; rewrite (Rabs_pos_eq M) in W by lra.
    assert (0 <= n * M) by (apply Rmult_le_pos; lra).
    destruct (Rle_lt_dec (m - n * M) 0) as [Lost|Kept]; [left; apply W; lra|].
    right; exists (m - n * M), (M + n * M); split; [lra|]; split; [apply Ends; lra|].
    left; intros y Hy; apply W; lra.
  - specialize (Spread (or_intror Neg)); rewrite Rabs_left in Spread by lra.
    pose proof (Wide lo) as W; cbv zeta in W; fold m in W; rewrite (Rabs_left m) in W by lra.
    assert (0 <= n * - m) by (apply Rmult_le_pos; lra).
    destruct (Rle_lt_dec (- M - n * - m) 0) as [Lost|Kept]; [left; apply W; lra|].
    right; exists (- M - n * - m), (- m + n * - m); split; [lra|]; split; [apply Ends; lra|].
    right; intros y Hy; apply W; lra.
  - left; destruct (Val 0 ltac:(lra)) as [x [Hx Ex]]; exists x, x; repeat split; auto.
    rewrite Ex, Rminus_0_r, Rabs_R0; lra.
Qed.

(** The steps, each with its n. *)
Definition moves (qs : list (list R)) (levels : list (level * Q)) : list ((R -> R) * R) :=
  combine (map odd_real qs) (map (fun s => QR (snd s)) levels).

(** Once 0 is reached, it stays within reach. *)
Lemma moves_zero : forall q qs s rest (K : R -> Prop), moved (odd_real q) (QR (snd s)) K 0 ->
  disturbed K (moves (q :: qs) (s :: rest)) 0.
Proof.
  intros q qs s rest K H; refine (disturbed_zero (moves qs rest) _ _ H).
  apply Forall_forall; intros [f n] I; apply in_combine_l, in_map_iff in I as [p [<- _]].
  cbn [fst]; rewrite odd_real_value; ring.
Qed.

(** From [a, b] with a/b at most the first ratio, some value that is reached is e or more from 1. *)
Lemma levels_sound : forall rest s q qs e (K : R -> Prop) a b,
  levels_hold s rest e = true -> QR e <= 1 ->
  (length q <= coefficients (fst s))%nat -> lengths (map fst rest) qs ->
  0 < a <= b -> a <= QR (ratio (fst s)) * b -> (forall x, a <= x <= b -> K x) ->
  exists y, disturbed K (moves (q :: qs) (s :: rest)) y /\ QR e <= Rabs (1 - y).
Proof.
  induction rest as [|s' rest IH]; intros [s n] q qs e K a b H He Hq Hqs Hab Hr HK;
    cbn [levels_hold] in H; apply andb_true_iff in H as [Hs H]; apply andb_true_iff in Hs as [Hs Hn];
    apply QR_le in Hn; change (QR 0) with 0 in Hn; cbn [fst snd] in *;
    assert (HR : QR (reached (s, n)) = (1 + QR (error s)) * (1 + QR n) - 1)
      by (unfold reached, Qminus; cbn [fst snd];
          rewrite QR_plus, QR_mult, !QR_plus, QR_opp; change (QR 1) with 1; ring);
    assert (HE : 0 <= QR (error s))
      by (unfold level_holds in Hs; apply andb_true_iff in Hs as [Hs _];
          apply andb_true_iff in Hs as [_ Hs]; apply QR_le in Hs; exact Hs);
    assert (Big : 0 <= QR (reached (s, n))) by (rewrite HR; nra);
    destruct (step_sound s (QR n) q K a b Hs Hn Hq Hab Hr HK) as [Zero|[a' [b' [Hab' [Hr' Image]]]]];
    try (exists 0; split; [exact (moves_zero q qs (s, n) _ K Zero)|rewrite Rminus_0_r, Rabs_R1; exact He]);
    replace ((1 + QR (error s)) * (1 + QR n)) with (1 + QR (reached (s, n))) in Hr' by (rewrite HR; ring);
    set (E := QR (reached (s, n))) in *; clear HR.
  - destruct qs; [|contradiction]; apply QR_le in H; fold E in H.
    unfold moves; cbn [map combine disturbed snd].
    destruct Image as [Same|Opposite].
    + destruct (Rle_lt_dec (1 + E) b') as [Far|Near].
      * exists b'; split; [apply Same; lra|rewrite Rabs_left1; lra].
      * exists a'; split; [apply Same; lra|].
        assert (a' < 1 - E) by (destruct (Rlt_le_dec E 1); [nra|nra]).
        rewrite Rabs_pos_eq; lra.
    + exists (- b'); split; [apply Opposite; lra|rewrite Rabs_pos_eq; lra].
  - destruct qs as [|q' qs]; [contradiction|]; destruct Hqs as [Hq' Hqs].
    apply andb_true_iff in H as [Hratio H]; apply QR_le in Hratio.
    unfold Qminus in Hratio; rewrite QR_mult, !QR_plus, QR_opp in Hratio.
    change (QR 1) with 1 in Hratio; fold E in Hratio.
    assert (Hr'' : a' <= QR (ratio (fst s')) * b') by nra.
    destruct Image as [Same|Opposite].
    + exact (IH s' q' qs e (moved (odd_real q) (QR n) K) a' b' H He Hq' Hqs Hab' Hr'' Same).
    + destruct (IH s' (opposite q') qs e (fun y => moved (odd_real q) (QR n) K (- y)) a' b' H He) as [y [Hy Ey]];
        [unfold opposite; rewrite length_dilate; exact Hq'|exact Hqs|exact Hab'|exact Hr''|exact Opposite|].
      exists y; split; [|exact Ey]; revert Hy; unfold moves; cbn [map combine disturbed].
      apply disturbed_more; intros z [x [w [Kx [Kw D]]]]; exists (- x), (- w); repeat split; auto.
      rewrite !odd_real_odd, <- !odd_real_opposite; exact D.
Qed.

Definition composition_test (l u e : Q) (levels : list (level * Q)) : bool :=
  match levels with
  | [] => false
  | s :: rest =>
      below 0 l && Qle_bool l u && Qle_bool l (ratio (fst s) * u) && Qle_bool e 1 &&
      levels_hold s rest e
  end.

(** What stands in pairs. *)
Lemma of_pairs : forall {A B C : Type} (f : B -> C) (xs : list A) (ys : list B), length ys = length xs ->
  map fst (combine xs ys) = xs /\ map (fun p => f (snd p)) (combine xs ys) = map f ys.
Proof.
  intros A B C f; induction xs as [|x xs IH]; intros [|y ys] L; try discriminate; [auto|].
  injection L as L; destruct (IH ys L) as [First Second]; cbn [combine map fst snd].
  split; f_equal; assumption.
Qed.

(** No composition of odd polynomials of these lengths whose steps err so stays within e of 1 on [l, u]. *)
Theorem noisy_composition_bound : forall l u e levels errors, length errors = length levels ->
  composition_test l u e (combine levels errors) = true ->
  forall qs, lengths levels qs ->
  exists y, disturbed (fun x => QR l <= x <= QR u) (combine (map odd_real qs) (map QR errors)) y /\ QR e <= Rabs (1 - y).
Proof.
  intros l u e [|s rest] [|n errors] Hlength H [|q qs] Hqs; try discriminate; try contradiction.
  destruct Hqs as [Hq Hqs]; injection Hlength as Hlength; cbn [combine map].
  destruct (of_pairs QR rest errors Hlength) as [First Second].
  unfold composition_test in H; cbn [combine] in H; repeat (apply andb_true_iff in H as [H ?H]).
  apply QR_lt in H; apply QR_le in H3; apply QR_le in H2; apply QR_le in H1.
  change (QR 0) with 0 in H; change (QR 1) with 1 in H1; rewrite QR_mult in H2.
  rewrite <- Second; apply (levels_sound (combine rest errors) (s, n) q qs e _ (QR l) (QR u)); auto; try lra;
    rewrite First; exact Hqs.
Qed.

(** No composition of odd polynomials of these lengths stays within e of 1 on [l, u]. *)
Theorem composition_bound : forall l u e levels,
  composition_test l u e (combine levels (repeat 0%Q (length levels))) = true ->
  forall qs, lengths levels qs ->
  exists x, QR l <= x <= QR u /\ QR e <= Rabs (1 - run (map odd_real qs) x).
Proof.
  intros l u e levels H qs Hqs.
  destruct (noisy_composition_bound l u e _ _ (repeat_length _ _) H qs Hqs) as [y [Hy E]].
  replace (combine (map odd_real qs) _) with (map (fun f => (f, 0)) (map odd_real qs)) in Hy.
  - destruct (disturbed_exactly _ _ _ Hy) as [x [Hx <-]]; exists x; auto.
  - clear - Hqs; revert qs Hqs; induction levels as [|s levels IH]; intros [|q qs] Hqs; try contradiction; [reflexivity|].
    destruct Hqs as [_ Hqs]; cbn [length repeat map combine]; f_equal; apply IH, Hqs.
Qed.
