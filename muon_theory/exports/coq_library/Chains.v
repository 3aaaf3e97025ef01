(** * Chains: what finitely many steps do to an interval

    Each step sends one rational interval into the next. How a single step is
    shown to do that is left open here: a test [holds] of its data, with the
    guarantee that a step that passes does it. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From MuonTheory Require Import Polynomial Schedule.
Import ListNotations.
Local Open Scope R_scope.

(** The next interval, and where the proofs for its lower and its upper end are cut. *)
Record step_of (cuts : Type) := Step { outer : interval; lower_splits : cuts; upper_splits : cuts }.
Arguments Step {cuts}. Arguments outer {cuts}. Arguments lower_splits {cuts}. Arguments upper_splits {cuts}.

(** The next upper end, and the cuts for g > 0 and for f ≤ u'. *)
Record ceiling_of (cuts : Type) := Ceiling { upper : Q; sign_splits : cuts; bound_splits : cuts }.
Arguments Ceiling {cuts}. Arguments upper {cuts}. Arguments sign_splits {cuts}. Arguments bound_splits {cuts}.

Definition starts_positive (i : interval) : bool := below 0 (fst i).

(** x > 0, f_1 x > 0, ..., and the last one < 0. *)
Fixpoint flips_at (fs : list (R -> R)) (x : R) : Prop :=
  match fs with [] => x < 0 | f :: fs' => 0 < x /\ flips_at fs' (f x) end.

(** f_1 x > 0, f_2 (f_1 x) > 0, ... *)
Fixpoint all_positive (fs : list (R -> R)) (x : R) : Prop :=
  match fs with
  | [] => True
  | [f] => 0 < f x
  | f :: fs' => 0 < f x /\ all_positive fs' (f x)
  end.

Section Chains.

Context {row cuts : Type}.
Variable is_of : (R -> R) -> row -> Prop.

(** ** Intervals *)

Section Intervals.

Variable holds : row -> interval -> step_of cuts -> bool.
Hypothesis holds_sound : forall r i s f x, is_of f r -> holds r i s = true -> inside i x -> inside (outer s) (f x).

(** Every step holds, and the last interval passes the test [last]. *)
Fixpoint chain_by (rows : list row) (i : interval) (steps : list (step_of cuts)) (last : interval -> bool) : bool :=
  match rows, steps with
  | [], [] => last i
  | r :: rows', s :: steps' => holds r i s && chain_by rows' (outer s) steps' last
  | _, _ => false
  end.

(** A chain ends in an interval that holds the image and passes the test. *)
Lemma chain_by_sound : forall last rows fs steps i x,
  steps_of is_of fs rows -> chain_by rows i steps last = true -> inside i x ->
  exists j, last j = true /\ inside j (run fs x).
Proof.
  intros last; induction rows as [|r rows IH]; intros [|f fs] [|s steps] i x Hw H Hx;
    try (contradiction || discriminate); simpl in *.
  - exists i; auto.
  - destruct Hw as [Hf Hw]; apply andb_true_iff in H as [Hs H].
    apply (IH fs steps (outer s)); auto; apply (holds_sound r i); auto.
Qed.

(** φ(I) ⊆ J. *)
Lemma maps_into_by : forall rows fs start target steps, steps_of is_of fs rows ->
  chain_by rows start steps (fun i => within i target) = true ->
  forall x, QR (fst start) <= x <= QR (snd start) -> QR (fst target) <= run fs x <= QR (snd target).
Proof.
  intros rows fs start target steps Hw H x Hx.
  destruct (chain_by_sound _ rows fs steps start x Hw H Hx) as [j [Hj Hin]].
  exact (within_sound j target _ Hj Hin).
Qed.

(** Positive intervals up to the last step, whose interval is negative. *)
Fixpoint flip_chain_by (rows : list row) (i : interval) (steps : list (step_of cuts)) : bool :=
  match rows, steps with
  | [], [] => below (snd i) 0
  | r :: rows', s :: steps' => starts_positive i && holds r i s && flip_chain_by rows' (outer s) steps'
  | _, _ => false
  end.

(** The last of these steps is the first to become negative. *)
Lemma flips_by : forall rows fs start steps, steps_of is_of fs rows -> flip_chain_by rows start steps = true ->
  forall x, QR (fst start) <= x <= QR (snd start) -> flips_at fs x.
Proof.
  induction rows as [|r rows IH]; intros [|f fs] i [|s steps] Hw H x Hx;
    try (contradiction || discriminate); simpl in *.
  - apply QR_lt in H; unfold QR at 2 in H; simpl in H; lra.
  - destruct Hw as [Hf Hw]; apply andb_true_iff in H as [H Hrest].
    apply andb_true_iff in H as [Hpos Hs]; split.
    + apply QR_lt in Hpos; unfold QR at 1 in Hpos; simpl in Hpos; lra.
    + apply (IH fs (outer s) steps Hw Hrest); apply (holds_sound r i); auto.
Qed.

End Intervals.

(** ** Upper ends *)

Variable holds : row -> Q -> ceiling_of cuts -> bool.
Hypothesis holds_sound : forall r u s f x,
  is_of f r -> holds r u s = true -> 0 < x <= QR u -> 0 < f x <= QR (upper s).

Fixpoint ceilings_by (rows : list row) (u : Q) (steps : list (ceiling_of cuts)) : bool :=
  match rows, steps with
  | [], [] => true
  | r :: rows', s :: steps' => holds r u s && ceilings_by rows' (upper s) steps'
  | _, _ => false
  end.

(** No step sends a point of (0, u], or what has become of it, to 0 or below. *)
Lemma sign_safe_by : forall rows fs u steps, steps_of is_of fs rows -> ceilings_by rows u steps = true ->
  forall x, 0 < x <= QR u -> all_positive fs x.
Proof.
  induction rows as [|r rows IH]; intros [|f fs] u [|s steps] Hw H x Hx;
    try (contradiction || discriminate); [exact I|].
  simpl in Hw, H; destruct Hw as [Hf Hw]; apply andb_true_iff in H as [Hs H].
  pose proof (holds_sound r u s f x Hf Hs Hx) as Hfx.
  pose proof (IH fs (upper s) steps Hw H (f x) Hfx) as Hrest.
  destruct fs; [exact (proj1 Hfx)|split; [exact (proj1 Hfx)|exact Hrest]].
Qed.

End Chains.
