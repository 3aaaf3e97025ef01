(** * The first passage of a schedule falls as its steps grow

    As FirstPassage.v, where each step may be a map of its own. *)

From Coq Require Import Reals List Lra Lia.
From MuonTheory Require Import FirstPassage.
Import ListNotations.
Local Open Scope R_scope.

(** The maps one after another. *)
Fixpoint through (fs : list (R -> R)) (x : R) : R := match fs with [] => x | f :: fs' => through fs' (f x) end.

Lemma through_app : forall first later x, through (first ++ later) x = through later (through first x).
Proof. induction first as [|f first IH]; intros later x; [reflexivity|apply IH]. Qed.

(** A step: continuous, f(0) = 0, and f(v) ≥ v on [0, 1]. *)
Definition rising (f : R -> R) : Prop := continuity f /\ f 0 = 0 /\ forall v, 0 <= v <= 1 -> v <= f v.
Definition continuous_from_0 (f : R -> R) : Prop := continuity f /\ f 0 = 0.

Lemma through_continuous : forall fs, Forall continuous_from_0 fs -> continuity (through fs) /\ through fs 0 = 0.
Proof.
  induction fs as [|f fs IH]; intros H; [split; [intros x; apply derivable_continuous_pt, derivable_pt_id|reflexivity]|].
  inversion H as [|? ? [Hf H0] Hfs]; subst; destruct (IH Hfs) as [C Z]; split; simpl; [|rewrite H0; exact Z].
  intros x; apply (continuity_pt_comp f (through fs)); [apply Hf|apply C].
Qed.
Lemma rising_continuous : forall fs, Forall rising fs -> Forall continuous_from_0 fs.
Proof. intros fs; apply Forall_impl; intros f (C & Z & _); split; assumption. Qed.

(** Every level of [0, 1] is reached from below it. *)
Lemma schedule_reaches : forall fs L, Forall rising fs -> 0 <= L <= 1 -> exists v, 0 <= v <= L /\ through fs v = L.
Proof.
  induction fs as [|f fs IH]; intros L H HL; [exists L; split; [lra|reflexivity]|].
  inversion H as [|? ? (Cf & Zf & Uf) Hfs]; subst; destruct (IH L Hfs HL) as (v & Hv & E).
  destruct (takes f v v Cf Zf ltac:(lra) ltac:(lra) (Uf v ltac:(lra))) as (w & Hw & Ew).
  exists w; split; [lra|]; simpl; rewrite Ew; exact E.
Qed.

(** x is the first that comes to L through the steps. *)
Definition first_through (fs : list (R -> R)) (L x : R) : Prop :=
  0 < x /\ through fs x = L /\ forall z, 0 < z < x -> through fs z < L.

Lemma prefix_low : forall first later L x, Forall rising (first ++ later) -> 0 < L < 1 -> first_through (first ++ later) L x ->
  through first x <= L.
Proof.
  intros first later L x H HL (Hx & E & Hfirst); apply Rnot_lt_le; intros C; apply Forall_app in H as [H1 H2].
  destruct (schedule_reaches later L H2 ltac:(lra)) as (v & Hv & Ev).
  destruct (through_continuous first (rising_continuous first H1)) as [C1 Z1].
  assert (V : 0 < v).
  { destruct (Req_dec v 0) as [->|]; [rewrite (proj2 (through_continuous later (rising_continuous later H2))) in Ev|]; lra. }
  destruct (takes (through first) v x C1 Z1 ltac:(lra) ltac:(lra) ltac:(lra)) as (z & Hz & Ez).
  assert (z <> x) by (intros ->; lra); assert (z <> 0) by (intros ->; lra).
  pose proof (Hfirst z ltac:(lra)) as Low; rewrite through_app, Ez, Ev in Low; lra.
Qed.
Lemma prefix_high : forall first later L x, Forall rising (first ++ later) -> 0 < L < 1 -> first_through (first ++ later) L x ->
  x <= through first x.
Proof.
  intros first; induction first as [|f first IH] using rev_ind; intros later L x H HL Hx; [simpl; lra|].
  rewrite <- app_assoc in H, Hx; specialize (IH ([f] ++ later) L x H HL Hx).
  pose proof (prefix_low first ([f] ++ later) L x H HL Hx) as Low; apply Forall_app in H as [_ H]; simpl in H.
  inversion H as [|? ? (_ & _ & U) _]; subst; rewrite through_app; simpl; destruct Hx as [Px _].
  pose proof (U (through first x) ltac:(lra)); lra.
Qed.

(** If each step of gs is above that of fs on (0, 1), gs comes to L from a smaller first x: for all schedules of one length. *)
Theorem schedule_passage_falls : forall fs gs L x y, fs <> [] -> Forall rising fs -> Forall continuous_from_0 gs ->
  Forall2 (fun f g => forall v, 0 < v < 1 -> f v < g v) fs gs -> 0 < L < 1 ->
  first_through fs L x -> first_through gs L y -> y < x.
Proof.
  intros fs gs L x y Ne Hf Hg Hlt HL Hx Hy; apply Rnot_le_lt; intros C.
  assert (R : forall first later firstg, fs = first ++ later -> Forall2 (fun f g => forall v, 0 < v < 1 -> f v < g v) first firstg ->
    Forall continuous_from_0 firstg ->
    exists u, 0 <= u <= x /\ through first x <= through firstg u /\ (first <> [] -> through first x < through firstg u)).
  { induction first as [|f first IH] using rev_ind; intros later firstg E F2 Cg.
    - inversion F2; subst; exists x; destruct Hx as [Px _]; simpl; repeat split; try lra; intros X; contradiction.
    - apply Forall2_app_inv_l in F2 as (g1 & g2 & F1 & F2 & ->); inversion F2 as [|? g ? ? Hfg Nil]; subst g2; inversion Nil; subst.
      apply Forall_app in Cg as [C1 C2]; inversion C2 as [|? ? [Cg0 Zg0] _]; subst.
      rewrite <- app_assoc in Hf, Hx; destruct (IH ([f] ++ later) g1 ltac:(rewrite <- app_assoc; reflexivity) F1 C1) as (u & Hu & Hle & _).
      pose proof (prefix_high first ([f] ++ later) L x Hf HL Hx) as P; pose proof (prefix_low first ([f] ++ later) L x Hf HL Hx) as Q.
      destruct Hx as [Px _]; destruct (through_continuous g1 C1) as [K Z].
      destruct (takes (through g1) (through first x) u K Z ltac:(lra) ltac:(lra) Hle) as (z & Hz & Ez).
      pose proof (Hfg (through first x) ltac:(lra)) as Grow; exists z; rewrite !through_app; simpl; rewrite Ez; repeat split; lra. }
  destruct (R fs [] gs (eq_sym (app_nil_r fs)) Hlt Hg) as (u & Hu & _ & Past); specialize (Past Ne).
  destruct Hx as (Px & Ex & _); rewrite Ex in Past; destruct (through_continuous gs Hg) as [K Z].
  destruct (takes (through gs) L u K Z ltac:(lra) ltac:(lra) ltac:(lra)) as (z & Hz & Ez).
  assert (z <> u) by (intros ->; lra); assert (z <> 0) by (intros ->; lra).
  destruct Hy as (_ & _ & Hfirst); pose proof (Hfirst z ltac:(lra)); lra.
Qed.
