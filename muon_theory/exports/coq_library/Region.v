(** * region: every member of a family in a box has a property

    The conditions of [Families] are positive on box × (0, 1), by the rule. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From MuonTheory Require Import Polynomial Several Box Monomials Families.
Import ListNotations.
Local Open Scope R_scope.

(** ** One box, several polynomials, each with its own split points *)

Fixpoint cut_axes (box : list axis) (splits : list (list Q)) : list axis :=
  match box, splits with
  | i :: box', s :: splits' => Axis (low i) (low_in i) (high i) (high_in i) s :: cut_axes box' splits'
  | _, _ => box
  end.

(** Cutting does not change the box. *)
Lemma in_cut_axes : forall box splits v, in_box box v -> in_box (cut_axes box splits) v.
Proof.
  induction box as [|i box IH]; intros [|s splits] [|x v] H; try contradiction; try exact H.
  destruct H as [Hx Hv]; split; [exact Hx|apply IH, Hv].
Qed.

Definition positive_cut {n : nat} (box : list axis) (p : fraction n) (splits : list (list Q)) : bool :=
  positive_on (cut_axes box splits) p.

(** THE RULE with split points. *)
Lemma positive_cut_sound : forall n box (p : fraction n) splits, positive_cut box p splits = true ->
  forall v, in_box box v -> 0 < fvalue p v.
Proof. intros n box p splits H v Hv; apply (positive_on_sound _ _ _ H), in_cut_axes, Hv. Qed.

Fixpoint all_positive_cut {n : nat} (box : list axis) (ps : list (fraction n))
    (splits : list (list (list Q))) : bool :=
  match ps, splits with
  | [], [] => true
  | p :: ps', s :: splits' => positive_cut box p s && all_positive_cut box ps' splits'
  | _, _ => false
  end.

(** All of them are positive on the box. *)
Lemma all_positive_cut_sound : forall n box (ps : list (fraction n)) splits,
  all_positive_cut box ps splits = true ->
  forall p, In p ps -> forall v, in_box box v -> 0 < fvalue p v.
Proof.
  induction ps as [|q ps IH]; intros [|s splits] H p Hp v Hv; try discriminate; [contradiction|].
  apply andb_true_iff in H as [Hq H]; destruct Hp as [<-|Hp].
  - apply (positive_cut_sound _ _ _ _ Hq v Hv).
  - apply (IH splits H p Hp v Hv).
Qed.

(** As many coordinates as axes. *)
Lemma in_box_length : forall box v, in_box box v -> length v = length box.
Proof.
  induction box as [|i box IH]; intros [|x v] H; try contradiction; [reflexivity|].
  simpl; f_equal; apply IH, H.
Qed.

(** f(x) = x g(x²), with the number of parameters that the box has. *)
Lemma family_in_box : forall rows box v f, (forall x, f x = family_text rows v x) ->
  in_box box v -> forall x, f x = x * fvalue (even_of (length box) rows) (x ^ 2 :: v).
Proof.
  intros rows box v f Hf Hv x; rewrite <- (in_box_length box v Hv), Hf; apply family_value.
Qed.

Definition unit_inside : axis := Axis 0 false 1 false [].

(** The open unit interval. *)
Lemma in_unit_inside : forall y, 0 < y < 1 -> in_axis unit_inside y.
Proof. intros y Hy; unfold in_axis; cbn; unfold QR; cbn; exact Hy. Qed.

(** ** Boxes inside cells *)

Definition axis_within (i j : axis) : bool :=
  Qle_bool (low j) (low i) && Qle_bool (high i) (high j) &&
  Bool.eqb (low_in i) (low_in j) && Bool.eqb (high_in i) (high_in j).

Fixpoint box_within (box cell : list axis) : bool :=
  match box, cell with
  | [], [] => true
  | i :: box', j :: cell' => axis_within i j && box_within box' cell'
  | _, _ => false
  end.

(** A point of the box lies in the cell. *)
Lemma box_within_sound : forall box cell v, box_within box cell = true -> in_box box v -> in_box cell v.
Proof.
  induction box as [|i box IH]; intros [|j cell] [|x v] H Hv; try contradiction; try discriminate; [exact I|].
  apply andb_true_iff in H as [H Hc]; destruct Hv as [[A B] Hv]; split; [|apply (IH cell v Hc Hv)].
  unfold axis_within in H; repeat (apply andb_true_iff in H as [H ?H]).
  apply QR_le in H, H2; apply eqb_prop in H0, H1; unfold in_axis.
  rewrite H0 in B; rewrite H1 in A; destruct (low_in j), (high_in j); lra.
Qed.

(** ** region *)

(** The point lies in one of the boxes, as a person writes it. *)
Fixpoint in_box_text (box : list axis) (v : list R) : Prop :=
  match box, v with
  | [], [] => True
  | [i], [x] => in_axis i x
  | i :: box', x :: v' => in_axis i x /\ in_box_text box' v'
  | _, _ => False
  end.
Fixpoint in_some_text (boxes : list (list axis)) (v : list R) : Prop :=
  match boxes with
  | [] => False
  | [box] => in_box_text box v
  | box :: boxes' => in_box_text box v \/ in_some_text boxes' v
  end.

(** It does. *)
Lemma in_box_text_sound : forall box v, in_box_text box v -> in_box box v.
Proof.
  induction box as [|i box IH]; intros [|x v] H; try exact H; [destruct box; contradiction|].
  destruct box as [|j box], v as [|z v]; try (split; [exact H|exact I]);
    destruct H as [Hx H]; (split; [exact Hx|apply IH, H]).
Qed.
Lemma in_some_text_sound : forall boxes v, in_some_text boxes v ->
  exists box, In box boxes /\ in_box box v.
Proof.
  induction boxes as [|box boxes IH]; intros v H; [contradiction|].
  assert (H' : in_box_text box v \/ in_some_text boxes v) by (destruct boxes; [left; exact H|exact H]).
  destruct H' as [H'|H'].
  - exists box; split; [left; reflexivity|apply in_box_text_sound, H'].
  - destruct (IH v H') as [b [Hb Hv]]; exists b; split; [right|]; assumption.
Qed.

(** For each condition the cells on which it is shown, each with the split points for y. *)
Definition cover := list (list Q * list axis).

(** p > 0 on each cell × (0, 1), and each box lies in a cell. *)
Definition covers_hold {n : nat} (boxes : list (list axis)) (p : fraction (S n)) (cells : cover) : bool :=
  forallb (fun cell => positive_on (Axis 0 false 1 false (fst cell) :: snd cell) p) cells &&
  forallb (fun box => existsb (fun cell => box_within box (snd cell)) cells) boxes.

Fixpoint all_covers_hold {n : nat} (boxes : list (list axis)) (ps : list (fraction (S n)))
    (covers : list cover) : bool :=
  match ps, covers with
  | [], [] => true
  | p :: ps', cells :: covers' => covers_hold boxes p cells && all_covers_hold boxes ps' covers'
  | _, _ => false
  end.

(** Then p > 0 on each box × (0, 1). *)
Lemma covers_hold_sound : forall n boxes (p : fraction (S n)) cells, covers_hold boxes p cells = true ->
  forall box v y, In box boxes -> in_box box v -> 0 < y < 1 -> 0 < fvalue p (y :: v).
Proof.
  intros n boxes p cells H box v y Hb Hv Hy; apply andb_true_iff in H as [Hp Hc].
  rewrite forallb_forall in Hp, Hc; specialize (Hc box Hb); apply existsb_exists in Hc as [cell [Hin Hw]].
  apply (positive_on_sound _ _ _ (Hp cell Hin)); split; [|apply (box_within_sound _ _ _ Hw Hv)].
  apply in_unit_inside, Hy.
Qed.

(** For each of the conditions. *)
Lemma all_covers_hold_sound : forall n boxes (ps : list (fraction (S n))) covers,
  all_covers_hold boxes ps covers = true -> forall p, In p ps ->
  forall box v y, In box boxes -> in_box box v -> 0 < y < 1 -> 0 < fvalue p (y :: v).
Proof.
  induction ps as [|q ps IH]; intros [|cells covers] H p Hp; try discriminate; [contradiction|].
  apply andb_true_iff in H as [Hq H]; destruct Hp as [<-|Hp].
  - apply (covers_hold_sound _ _ _ _ Hq).
  - apply (IH covers H p Hp).
Qed.

(** For the conditions at one y: the cells, each with its y. *)
Definition cover_at := list (Q * list axis).

(** p > 0 at that y, for all of each cell. *)
Definition cover_at_holds {n : nat} (p : fraction (S n)) (cells : cover_at) : bool :=
  forallb (fun cell => positive_on (snd cell) (at_first (fst cell) p)) cells.

Fixpoint all_covers_at_hold {n : nat} (ps : list (fraction (S n))) (covers : list cover_at) : bool :=
  match ps, covers with
  | [], [] => true
  | p :: ps', cells :: covers' => cover_at_holds p cells && all_covers_at_hold ps' covers'
  | _, _ => false
  end.

(** A y of (0, 1) for the box: it lies in a cell with that y in each of the covers. *)
Definition serves (box : list axis) (covers : list cover_at) (y : Q) : bool :=
  below 0 y && below y 1 &&
  forallb (existsb (fun cell => Qeq_bool (fst cell) y && box_within box (snd cell))) covers.
Definition served (covers : list cover_at) (box : list axis) : bool :=
  match covers with [] => true | cells :: _ => existsb (fun cell => serves box covers (fst cell)) cells end.

(** Then all p > 0 at that y. *)
Lemma served_sound : forall n (ps : list (fraction (S n))) covers box v,
  all_covers_at_hold ps covers = true -> served covers box = true -> in_box box v ->
  exists y, 0 < y < 1 /\ forall p, In p ps -> 0 < fvalue p (y :: v).
Proof.
  assert (One : forall n (ps : list (fraction (S n))) covers box v y,
    all_covers_at_hold ps covers = true -> in_box box v ->
    forallb (existsb (fun cell => Qeq_bool (fst cell) y && box_within box (snd cell))) covers = true ->
    forall p, In p ps -> 0 < fvalue p (QR y :: v)).
  { induction ps as [|q ps IH]; intros [|cells covers] box v y H Hv Hs p Hp; try discriminate; [contradiction|].
    apply andb_true_iff in H as [Hq H]; apply andb_true_iff in Hs as [Hc Hs].
    destruct Hp as [<-|Hp]; [|exact (IH covers box v y H Hv Hs p Hp)].
    apply existsb_exists in Hc as [cell [Hin Hc]]; apply andb_true_iff in Hc as [Ey Hw].
    unfold cover_at_holds in Hq; rewrite forallb_forall in Hq.
    apply QR_eq in Ey; rewrite <- Ey.
    apply at_first_positive, (positive_on_sound _ _ _ (Hq cell Hin)), (box_within_sound _ _ _ Hw Hv). }
  intros n ps covers box v H Hs Hv; destruct covers as [|cells covers].
  - exists (1 / 2); split; [lra|]; destruct ps; [intros p []|discriminate].
  - apply existsb_exists in Hs as [cell [_ Hs]]; unfold serves in Hs.
    apply andb_true_iff in Hs as [Hy Hs]; apply andb_true_iff in Hy as [H0 H1].
    apply QR_lt in H0, H1; change (QR 0) with 0 in H0; change (QR 1) with 1 in H1.
    exists (QR (fst cell)); split; [split; assumption|exact (One n ps _ box v _ H Hv Hs)].
Qed.

Definition region_test (n : nat) (rows : list (list monomial)) (boxes : list (list axis))
    (what : property) (covers : list cover) (covers_at : list cover_at) : bool :=
  let g := even_of n rows in
  fixes_one g && forallb (fun box => Nat.eqb (length box) n) boxes &&
  all_covers_hold boxes (conditions g what) covers &&
  (all_covers_at_hold (conditions_at g what) covers_at && forallb (served covers_at) boxes).

(** The property holds for all parameters in one of the boxes. *)
Theorem region : forall n rows boxes what covers covers_at v f,
  in_some_text boxes v -> (forall x, f x = family_text rows v x) ->
  region_test n rows boxes what covers covers_at = true -> follows what f.
Proof.
  intros n rows boxes what covers covers_at v f Hv Hf H; apply andb_true_iff in H as [H Hat].
  apply andb_true_iff in Hat as [Hat Hserved]; rewrite forallb_forall in Hserved.
  apply andb_true_iff in H as [H Hcovers]; apply andb_true_iff in H as [H1 Hn]; rewrite forallb_forall in Hn.
  destruct (in_some_text_sound boxes v Hv) as [box [Hb Hin]].
  specialize (Hn box Hb); apply Nat.eqb_eq in Hn; subst n.
  apply (conditions_sound (length box) (even_of (length box) rows) v).
  - exact (family_in_box rows box v f Hf Hin).
  - exact H1.
  - intros p Hp y Hy; apply (all_covers_hold_sound _ _ _ _ Hcovers p Hp box v y Hb Hin Hy).
  - exact (served_sound _ _ _ box v Hat (Hserved box Hb) Hin).
Qed.
