(** * The first passage falls, for continuous maps with f(v) ≥ v on [0, 1]

    The first x > 0 that comes to a level in n steps; if a map is larger than
    another on (0, 1), its first passage comes before the other's. *)

From Coq Require Import Reals Lra Lia.
From MuonTheory Require Import Bands Iterates.
Local Open Scope R_scope.

(** Between 0 and x a step that goes from 0 to at least u takes the value u. *)
Lemma takes : forall f u x, continuity f -> f 0 = 0 -> 0 <= u -> 0 <= x -> u <= f x ->
  exists v, 0 <= v <= x /\ f v = u.
Proof.
  intros f u x Hf H0 Hu Hx Hux; destruct (intermediate_value f 0 x u Hf ltac:(lra)) as [v [Hv E]].
  rewrite Rmin_left, Rmax_right in Hv by lra; exists v; split; assumption.
Qed.

(** Steps in two parts. *)
Lemma iter_parts : forall (f : R -> R) m k x, Nat.iter (m + k) f x = Nat.iter m f (Nat.iter k f x).
Proof. intros f m k x; induction m as [|m IH]; [reflexivity|simpl; rewrite IH; reflexivity]. Qed.

(** Every level of [0, 1] is reached in m steps from below it, if f(v) ≥ v on [0, 1]. *)
Lemma reaches : forall f L m, continuity f -> f 0 = 0 -> (forall v, 0 <= v <= 1 -> v <= f v) -> 0 <= L <= 1 ->
  exists v, 0 <= v <= L /\ Nat.iter m f v = L.
Proof.
  intros f L m Hf H0 Hup HL; induction m as [|m [v [Hv E]]]; [exists L; split; [lra|reflexivity]|].
  destruct (takes f v v Hf H0 ltac:(lra) ltac:(lra) (Hup v ltac:(lra))) as [w [Hw Ew]].
  exists w; split; [lra|]; rewrite iter_next, Ew; exact E.
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
