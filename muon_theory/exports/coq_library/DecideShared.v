(** * Is a claim proved that schedules and members of families share? *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Chains Bands FixedPoints Convergence Converges Escapes Cycles
  Several Box Monomials Families Region Threshold Isolated InBox.
From MuonTheory Require Import Certificate.
Import ListNotations.
Local Open Scope R_scope.

(** ** Cuts lie strictly inside, in their order *)

Fixpoint increase (a : Q) (points : list Q) (b : Q) : bool :=
  match points with [] => below a b | p :: rest => below a p && increase p rest b end.
Definition fit (i : interval) (points : list Q) : bool :=
  match points with [] => true | _ => increase (fst i) points (snd i) end.
Fixpoint all_fit (is : list interval) (grid : list (list Q)) : bool :=
  match is, grid with
  | [], [] => true
  | i :: is', points :: grid' => fit i points && all_fit is' grid'
  | _, _ => false
  end.
Definition span (i : axis) : interval := (low i, high i).
Definition grid_fits (box : list axis) (y : interval) (grid : list (list Q)) : bool := all_fit (y :: map span box) grid.

(** ** Claims that a schedule and the members of a family share *)

Section Shared.

Context {row cuts : Type}.
Variable is_of : (R -> R) -> row -> Prop.
Variable fits : interval -> cuts -> bool.

Variable step_ok : row -> interval -> step_of cuts -> bool.
Hypothesis step_ok_sound : forall r i s f x, is_of f r -> step_ok r i s = true -> inside i x -> inside (outer s) (f x).
Variable ceiling_ok : row -> Q -> ceiling_of cuts -> bool.
Hypothesis ceiling_ok_sound : forall r u s f x,
  is_of f r -> ceiling_ok r u s = true -> 0 < x <= QR u -> 0 < f x <= QR (upper s).
Variable arc_ok : row -> arc_of cuts -> interval -> bool.
Variable slope_of : row -> R -> R.
Hypothesis slope_of_sound : forall r f x, is_of f r -> derivable_pt_lim f x (slope_of r x).
Hypothesis arc_ok_sound : forall r f a next x, is_of f r -> arc_ok r a next = true -> inside (place a) x ->
  inside next (f x) /\ Rabs (slope_of r x) <= QR (bound a).
Variable grows_ok : row -> Q -> Q -> cuts -> bool.
Hypothesis grows_ok_sound : forall r f radius ratio splits, is_of f r -> 0 < QR radius -> 1 < QR ratio ->
  grows_ok r radius ratio splits = true ->
  forall x, QR radius <= Rabs x -> QR ratio * Rabs x <= Rabs (f x).

(** What else a chain may hold, which no claim here speaks of. *)
Variable beside_ok : list row -> interval -> list reach -> bool.
Variable equal_rows : list row -> bool.

Fixpoint steps_fit (i : interval) (steps : list (step_of cuts)) : bool :=
  match steps with
  | [] => true
  | s :: rest => fits i (lower_splits s) && fits i (upper_splits s) && steps_fit (outer s) rest
  end.
Fixpoint ceilings_fit (u : Q) (steps : list (ceiling_of cuts)) : bool :=
  match steps with
  | [] => true
  | s :: rest =>
      fits (0%Q, square u) (sign_splits s) && fits (0%Q, u) (bound_splits s) && ceilings_fit (upper s) rest
  end.

Fixpoint arcs_of (through : list interval) (splits : list (list cuts)) (bounds : list Q) : option (list (arc_of cuts)) :=
  match through, splits, bounds with
  | [], [], [] => Some []
  | i :: through', [a; b; c; d] :: splits', k :: bounds' =>
      match arcs_of through' splits' bounds' with
      | Some arcs => Some (Arc i k a b c d :: arcs)
      | None => None
      end
  | _, _, _ => None
  end.
Definition arc_fits (a : arc_of cuts) : bool :=
  forallb (fits (place a)) [to_lower a; to_upper a; slope_lower a; slope_upper a].
Fixpoint all_apart (through : list interval) : bool :=
  match through with [] => true | i :: rest => forallb (apart i) rest && all_apart rest end.

Definition shared_holds (rows : list row) (c : claim) (w : witness_of cuts) : bool :=
  match c, w with
  | MapsInto start target, Chain (Some steps) inners =>
      chain_by step_ok rows start steps (fun i => within i target) && steps_fit start steps &&
      match inners with None => true | Some reaches => beside_ok rows start reaches end
  | SignSafe u, Uppers steps => below 0 u && ceilings_by ceiling_ok rows u steps && ceilings_fit u steps
  | Certificate.Flips start count, Chain (Some steps) _ =>
      (Nat.leb count (length rows) || equal_rows rows) &&
      flip_chain_by step_ok (taken count rows) start steps && steps_fit start steps
  | Certificate.Escapes start, Past steps radius ratio splits =>
      match rows with
      | r :: _ =>
          below 0 radius && below 1 ratio && grows_ok r radius ratio splits && fits (0%Q, 1%Q) splits &&
          chain_by step_ok (repeat r (length steps)) start steps (far radius) && steps_fit start steps
      | [] => false
      end
  | Cycles ((first :: _) as through), Cycle splits bounds =>
      match rows, arcs_of through splits bounds with
      | r :: _, Some arcs => cycles_test_by (arc_ok r) first arcs && all_apart through && forallb arc_fits arcs
      | _, _ => false
      end
  | _, _ => false
  end.

(** Steps of rows, and the first so many of them. *)
Lemma steps_of_firstn : forall rows fs n, steps_of is_of fs rows -> steps_of is_of (firstn n fs) (firstn n rows).
Proof.
  induction rows as [|r rows IH]; intros [|f fs] [|n] H; try contradiction; try exact I.
  destruct H as [Hf H]; split; [exact Hf|apply IH, H].
Qed.
Lemma steps_of_app : forall rows fs rows' fs',
  steps_of is_of fs rows -> steps_of is_of fs' rows' -> steps_of is_of (fs ++ fs') (rows ++ rows').
Proof.
  induction rows as [|r rows IH]; intros [|f fs] rows' fs' H H'; try contradiction; [exact H'|].
  destruct H as [Hf H]; split; [exact Hf|apply IH; assumption].
Qed.
Lemma steps_of_taken : forall rows fs n, steps_of is_of fs rows -> steps_of is_of (taken n fs) (taken n rows).
Proof.
  intros [|r rows] [|f fs] n H; try contradiction; [exact I|]; unfold taken.
  apply steps_of_firstn, steps_of_app; [exact H|apply steps_of_repeat, H].
Qed.

(** The arcs are those of the intervals. *)
Lemma arcs_of_places : forall through splits bounds arcs, arcs_of through splits bounds = Some arcs -> map place arcs = through.
Proof.
  induction through as [|i through IH]; intros [|s splits] bounds arcs H; cbn [arcs_of] in H; try discriminate;
    [destruct bounds; [injection H as <-; reflexivity|discriminate]|].
  destruct s as [|a [|b [|c [|d []]]]]; try discriminate; destruct bounds as [|k bounds]; [discriminate|].
  destruct (arcs_of through splits bounds) as [rest|] eqn:E; [|discriminate]; injection H as <-.
  simpl; f_equal; apply (IH _ _ _ E).
Qed.

Theorem shared_sound : forall rows fs c w, steps_of is_of fs rows -> shared_holds rows c w = true -> says fs c.
Proof.
  intros rows fs c w Hs H; destruct c; try discriminate; cbn [shared_holds] in H.
  - destruct w; try discriminate; destruct outers as [steps|]; try discriminate.
    apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [H _].
    exact (maps_into_by is_of step_ok step_ok_sound rows fs start target steps Hs H).
  - destruct w; try discriminate; apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [_ H].
    exact (sign_safe_by is_of ceiling_ok ceiling_ok_sound rows fs _ steps Hs H).
  - destruct w; try discriminate; destruct outers as [steps|]; try discriminate.
    apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [_ H].
    exact (flips_by is_of step_ok step_ok_sound _ _ start steps (steps_of_taken rows fs _ Hs) H).
  - destruct w; try discriminate; destruct rows as [|r rows]; [discriminate|].
    destruct fs as [|f fs]; [contradiction|destruct Hs as [Hf _]].
    repeat (apply andb_true_iff in H as [H ?H]).
    apply QR_lt in H, H4; change (QR 0) with 0 in H; change (QR 1) with 1 in H4.
    pose proof (grows_ok_sound r f radius ratio splits Hf H H4 H3) as G; intros x0 Hx0.
    destruct (chain_by_sound is_of step_ok step_ok_sound _ _ _ _ _ x0
                (steps_of_repeat _ is_of f r (length steps) Hf) H1 Hx0) as [j [Hj Hin]].
    exact (escapes_from_far f x0 _ j radius ratio H H4 G Hj Hin).
  - destruct through as [|first more]; [discriminate|]; destruct w; try discriminate.
    destruct rows as [|r rows]; [discriminate|]; destruct fs as [|f fs]; [contradiction|destruct Hs as [Hf _]].
    cbv beta iota in H; destruct (arcs_of (first :: more) splits bounds) as [arcs|] eqn:E; [|discriminate].
    apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [H _].
    pose proof (cycles_by (arc_ok r) f (slope_of r) (fun x => slope_of_sound r f x Hf)
      (fun a next x => arc_ok_sound r f a next x Hf) first arcs H) as T.
    pose proof (arcs_of_places _ _ _ _ E) as P; rewrite P in T.
    assert (L : length arcs = length (first :: more)) by (rewrite <- P, map_length; reflexivity).
    rewrite L in T; exact T.
Qed.

End Shared.
