(** * Certificates, and what they mean

    A certificate is a statement with a witness. [Means] says what a statement
    says. The readable statement of an instance is the same by computation, once
    its steps are known to be those of the rows. *)

From Coq Require Import Reals ZArith QArith List Bool FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Schedule Chains Bands Cycles Several Box Monomials Families Region Threshold.
From MuonTheory Require Boxes Exceptions Minimax Composition Moments.
Import ListNotations.
Local Open Scope R_scope.

(** ** Claims *)

(** About the maps of a schedule, or of each member of a family in a box. *)
Inductive claim :=
| MapsInto (start target : interval)
| Attains (start contains : interval)
| RobustBand (start target : interval) (errors : list Q)
| AllBut (start target : interval) (given : list Exceptions.allowance) (exceptions : nat)
| SignSafe (upper : Q)
| Slope (value : Q)
| Flips (start : interval) (step : nat)
| MeanSquare (over bounds : interval)
| Ratio (over bounds : interval)
| Moments (over : interval) (logarithmic : bool) (mean square variance : interval)
| Fixes (point : interval)
| Attracts (point : interval)
| Repels (point : interval)
| Converges (point : interval) (upper : Q)
| Escapes (start : interval)
| Cycles (through : list interval)
| Minimax (degree : nat) (over : interval) (error : Q)
| CompositionBound (degrees : list nat) (over : interval) (error : Q)
| NoisyCompositionBound (degrees : list nat) (over : interval) (errors : list Q) (error : Q)
| ConstantBound (degree steps : nat) (lower error : Q) (range slope multiplier : option interval).

Inductive statement :=
| OfSchedule (rows : list row) (c : claim)
| OfMembers (n : nat) (rows : list (list (list monomial))) (box : list axis) (c : claim)
| OfRegion (n : nat) (row : list (list monomial)) (what : property) (boxes : list (list axis))
| OfThreshold (n : nat) (row : list (list monomial)) (what : property) (how : critical) (range : interval)
    (others : list axis) (m : list monomial) (isolating : option interval).

(** ** What they say *)

(** For all numbers a, b, ..., n of them. *)
Fixpoint for_all (n : nat) (P : list R -> Prop) : Prop :=
  match n with O => P [] | S n' => forall a : R, for_all n' (fun v => P (a :: v)) end.

(** There are numbers a, b, ..., n of them. *)
Fixpoint there_are (n : nat) (P : list R -> Prop) : Prop :=
  match n with O => P [] | S n' => exists a : R, there_are n' (fun v => P (a :: v)) end.

(** (degree + 1)/2 of them, rounded down. *)
Definition coefficients_of (degree : nat) : nat := Nat.div2 (S degree).

(** p is an odd polynomial of at most that degree. *)
Definition odd_of (degree : nat) (p : R -> R) : Prop :=
  there_are (coefficients_of degree) (fun q => forall x, p x = Minimax.odd_real q x).

(** For all odd polynomials of such degrees. *)
Fixpoint for_all_odd (degrees : list nat) (P : list (R -> R) -> Prop) : Prop :=
  match degrees with
  | [] => P []
  | d :: rest => forall p : R -> R, odd_of d p -> for_all_odd rest (fun ps => P (p :: ps))
  end.

(** The first so many steps; a repeated map goes on past its last row. *)
Definition taken {A : Type} (count : nat) (steps : list A) : list A :=
  match steps with [] => [] | first :: _ => firstn count (steps ++ repeat first count) end.

(** What holds at a rational point, or at the only fixed point in a bracket. *)
Definition at_fixed_point (f : R -> R) (point : interval) (P : R -> Prop) : Prop :=
  let (lo, hi) := point in
  if Qeq_bool lo hi then f (QR lo) = QR lo /\ P (QR lo)
  else (exists! p, QR lo < p < QR hi /\ f p = p) /\ forall p, QR lo < p < QR hi -> f p = p -> P p.

Definition says (fs : list (R -> R)) (c : claim) : Prop :=
  let f := hd (fun x => x) fs in
  match c with
  | MapsInto start target => forall x, inside start x -> inside target (run fs x)
  | Attains start contains => forall z, inside contains z -> exists x, inside start x /\ run fs x = z
  | RobustBand start target errors => forall x0, inside start x0 -> stays fs errors target x0
  | AllBut start target given exceptions =>
      forall n (x : nat -> R), (forall i, (i <= n)%nat -> inside start (x i)) ->
      Exceptions.ends_but n fs given target exceptions x
  | SignSafe upper => forall x, 0 < x <= QR upper -> all_positive fs x
  | Slope value => derivable_pt_lim (run fs) 0 (QR value)
  | Flips start step => forall x, inside start x -> flips_at (taken step fs) x
  | MeanSquare (l, u) (lo, hi) =>
      QR lo * (QR u - QR l) <= RInt (fun x => (run fs x - 1) ^ 2) (QR l) (QR u) <= QR hi * (QR u - QR l)
  | Ratio over bounds => forall x, inside over x -> 0 < x -> inside bounds (run fs x / x)
  | Moments (l, u) logarithmic mean square variance =>
      let E := Moments.mean_over logarithmic (QR l) (QR u) in
      inside mean (E (run fs)) /\ inside square (E (fun x => (run fs x - 1) ^ 2)) /\
      inside variance (E (fun x => run fs x ^ 2) - E (run fs) ^ 2)
  | Fixes (lo, hi) =>
      if Qeq_bool lo hi then f (QR lo) = QR lo else exists! p, QR lo < p < QR hi /\ f p = p
  | Attracts point => at_fixed_point f point (fun p => exists d, derivable_pt_lim f p d /\ Rabs d < 1)
  | Repels point => at_fixed_point f point (fun p => exists d, derivable_pt_lim f p d /\ 1 < Rabs d)
  | Converges (lo, hi) upper =>
      if Qeq_bool lo hi
      then forall x0, 0 < x0 <= QR upper -> is_lim_seq (fun n => Nat.iter n f x0) (QR lo)
      else exists p, QR lo < p < QR hi /\ f p = p /\
             forall x0, 0 < x0 <= QR upper -> is_lim_seq (fun n => Nat.iter n f x0) p
  | Escapes start => forall x0, inside start x0 -> is_lim_seq (fun n => Rabs (Nat.iter n f x0)) p_infty
  | Cycles [] => False
  | Cycles ((first :: _) as through) =>
      let k := length through in
      exists p, visits f p through /\ Nat.iter k f p = p /\
        (forall m, (0 < m < k)%nat -> Nat.iter m f p <> p) /\
        (exists d, derivable_pt_lim (Nat.iter k f) p d /\ Rabs d < 1) /\
        forall x, inside first x -> is_lim_seq (fun n => Nat.iter (n * k) f x) p
  | Minimax degree over error =>
      forall p, odd_of degree p -> exists x, inside over x /\ QR error <= Rabs (1 - p x)
  | CompositionBound degrees over error =>
      for_all_odd degrees (fun ps => exists x, inside over x /\ QR error <= Rabs (1 - run ps x))
  | NoisyCompositionBound degrees over errors error =>
      for_all_odd degrees
        (fun ps => exists y, Composition.disturbed (inside over) (combine ps (map QR errors)) y /\ QR error <= Rabs (1 - y))
  | ConstantBound degree steps lower error range slope multiplier =>
      let over := (lower, 1%Q) in
      forall f, odd_of degree f ->
        let slope_at x i := exists d, derivable_pt_lim f x d /\ inside i d in
        let far := exists x, inside over x /\ QR error <= Rabs (1 - Nat.iter steps f x) in
        (exists x, inside over x /\ Rabs (f x) <= 1) ->
        where_asked (fun i => inside i (Rabs (f 1))) range
          match slope, multiplier with
          | None, None => far
          | _, _ => 0 <= f 1 -> where_asked (slope_at 0) slope (where_asked (slope_at 1) multiplier far)
          end
  end.

(** The parameters lie in the box, if there are any. *)
Definition where_in (box : list axis) (v : list R) (P : Prop) : Prop :=
  match box with [] => P | _ => in_box_text box v -> P end.

Definition members (v : list R) : list (list (list monomial)) -> list (R -> R) :=
  map (fun r => family_text r v).

Definition Means (s : statement) : Prop :=
  match s with
  | OfSchedule rows c => says (map written rows) c
  | OfMembers n rows box c => for_all n (fun v => in_box_text box v -> says (members v rows) c)
  | OfRegion n row what boxes =>
      for_all n (fun v => in_some_text boxes v -> follows what (family_text row v))
  | OfThreshold n row what how (a0, a1) others m isolating =>
      for_all (pred n) (fun v => where_in others v
        (let root a := sum_text m (a :: v) in
         let step a := family_text row (a :: v) in
         exists alpha, QR a0 < alpha < QR a1 /\ root alpha = 0 /\
         let holds := (forall a, QR a0 < a < alpha -> follows what (step a)) /\
                      (forall a, alpha < a <= QR a1 -> fails how (step a)) in
         match isolating with
         | None => holds
         | Some i => inside i alpha /\ (forall a, inside i a -> root a = 0 -> a = alpha) /\ holds
         end))
  end.

Fixpoint all_mean (ss : list statement) : Prop :=
  match ss with [] => True | [s] => Means s | s :: ss' => Means s /\ all_mean ss' end.

(** ** The same of functions that are written out *)

(** Functions with equal values are equal, so the steps of an instance are those of the rows. *)
Lemma steps_are : forall (row : Type) (text : row -> R -> R) fs rows,
  steps_of (fun f r => forall x, f x = text r x) fs rows -> fs = map text rows.
Proof.
  intros row text fs rows; revert fs; induction rows as [|r rows IH]; intros [|f fs] H; try contradiction; [reflexivity|].
  destruct H as [Hf H]; simpl; f_equal; [apply functional_extensionality, Hf|apply IH, H].
Qed.

Lemma schedule_says : forall fs rows c, written_as fs rows -> (Means (OfSchedule rows c) <-> says fs c).
Proof. intros fs rows c H; rewrite (steps_are _ written fs rows H); apply iff_refl. Qed.

(** For all numbers, the same. *)
Lemma for_all_iff : forall n P Q, for_all n (fun v => P v <-> Q v) -> (for_all n P <-> for_all n Q).
Proof.
  induction n as [|n IH]; intros P Q H; [exact H|]; simpl in *.
  split; intros G a; apply (IH _ _ (H a)), G.
Qed.
Lemma for_all_map : forall n (P Q : list R -> Prop), (forall v, P v -> Q v) -> for_all n P -> for_all n Q.
Proof.
  induction n as [|n IH]; intros P Q H G; simpl in *; [apply H, G|].
  intros a; apply (IH (fun v => P (a :: v))); [intros v; apply H|apply G].
Qed.
Lemma for_all_length : forall n (P : list R -> Prop), (forall v, length v = n -> P v) -> for_all n P.
Proof.
  induction n as [|n IH]; intros P H; simpl; [apply H; reflexivity|].
  intros a; apply IH; intros v Hv; apply H; simpl; rewrite Hv; reflexivity.
Qed.

(** An odd polynomial is given by its coefficients. *)
Lemma odd_of_coefficients : forall degree p, odd_of degree p ->
  exists q, length q = coefficients_of degree /\ p = Minimax.odd_real q.
Proof.
  assert (G : forall n P, there_are n P -> exists v : list R, length v = n /\ P v).
  { induction n as [|n IH]; intros P H; simpl in H; [exists []; auto|].
    destruct H as [a H]; destruct (IH _ H) as [v [L Hv]]; exists (a :: v); simpl; auto. }
  intros degree p H; destruct (G _ _ H) as [q [L Hq]]; exists q; split; [exact L|].
  apply functional_extensionality, Hq.
Qed.

Lemma members_say : forall n rows box c (Fs : list R -> list (R -> R)),
  for_all n (fun v => steps_of (fun f r => forall x, f x = family_text r v x) (Fs v) rows) ->
  (Means (OfMembers n rows box c) <-> for_all n (fun v => in_box_text box v -> says (Fs v) c)).
Proof.
  intros n rows box c Fs H; apply for_all_iff; revert H; apply for_all_map; intros v H.
  unfold members; rewrite (steps_are _ (fun r => family_text r v) _ _ H); apply iff_refl.
Qed.

(** ** Witnesses *)

(** [cuts]: where the rule is cut: points, or a grid. *)
Inductive witness_of (cuts : Type) :=
| Chain (outers : option (list (step_of cuts))) (inners : option (list reach))
| Widened (moves : list (Q * nat * (bool * bool))) (steps : list (step_of cuts))
| Uppers (steps : list (ceiling_of cuts))
| Nothing
| Splits (each : list cuts)
| Parts (points : list Q) (chains : list (list (step_of cuts)))
| Past (steps : list (step_of cuts)) (radius ratio : Q) (splits : cuts)
| Cycle (splits : list (list cuts)) (bounds : list Q)
| Alternation (points : list Q)
| Alternations (steps : list (interval * Q * list Q))
| Models (points : list Q) (cells : list (list (list Q * list Q)))
| Boxed (top : Q) (growth nodes : list Q) (box : list interval) (points : list Q) (tree : list Boxes.word).
Arguments Chain {cuts}. Arguments Widened {cuts}. Arguments Uppers {cuts}. Arguments Nothing {cuts}. Arguments Splits {cuts}.
Arguments Parts {cuts}. Arguments Past {cuts}. Arguments Cycle {cuts}. Arguments Alternation {cuts}.
Arguments Alternations {cuts}. Arguments Models {cuts}. Arguments Boxed {cuts}.

(** A cell of a cover: its box, its grid, y first, and its one y = x0², if it has one. *)
Record patch := Patch { sides : list axis; grid_of : list (list Q); at_y : option Q }.

Inductive certificate :=
| Schedule (rows : list row) (c : claim) (w : witness_of (list Q))
| Members (n : nat) (rows : list (list (list monomial))) (box : list axis) (c : claim)
    (w : witness_of (list (list Q)))
| Region (n : nat) (row : list (list monomial)) (what : property) (boxes : list (list axis))
    (covers : list (list patch)) (uses : list (list nat))
| Threshold (n : nat) (row : list (list monomial)) (what : property) (how : critical) (range : interval)
    (others : list axis) (m : list monomial) (isolating : option interval)
    (d : contact_data) (alone : list (list Q)).

Definition said (c : certificate) : statement :=
  match c with
  | Schedule rows c _ => OfSchedule rows c
  | Members n rows box c _ => OfMembers n rows box c
  | Region n row what boxes _ _ => OfRegion n row what boxes
  | Threshold n row what how range others m isolating _ _ => OfThreshold n row what how range others m isolating
  end.
