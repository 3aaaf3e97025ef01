(** * Is a claim about a family, or its members in a box, proved? *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Chains Bands FixedPoints Convergence Converges Escapes Cycles
  Several Box Monomials Families Region Threshold Isolated InBox.
From MuonTheory Require Import Certificate Reader DecideShared.
Import ListNotations.
Local Open Scope R_scope.

(** ** Members of a family in a box *)

Section Members.

Variable box : list axis.

(** The value at the lower ends of the box. *)
Fixpoint corner_value (is : list axis) (es : list nat) : Q :=
  match is, es with
  | i :: is', e :: es' => (low i ^ Z.of_nat e * corner_value is' es')%Q
  | _, _ => 1%Q
  end.
Definition corner_sum (ms : list monomial) : Q :=
  fold_right (fun m sum => (fst m * corner_value box (snd m) + sum)%Q) 0%Q ms.
Definition leads_down_in (r : list (list monomial)) : bool := negb (below 0 (corner_sum (last r []))).

Definition grows_by_in (r : list (list monomial)) (radius ratio : Q) (splits : list (list Q)) : bool :=
  grows_in box r radius ratio (leads_down_in r) splits.

Definition members_holds : list (list (list monomial)) -> claim -> witness_of (list (list Q)) -> bool :=
  shared_holds (grid_fits box) (step_holds_in box) (ceiling_holds_in box) (arc_holds_in box) grows_by_in
    (fun _ _ _ => false) (constant equal_monomials).

Theorem members_sound : forall v rows c w, in_box_text box v -> members_holds rows c w = true -> says (members v rows) c.
Proof.
  intros v rows c w here; apply (shared_sound (member v) (grid_fits box)
    (step_holds_in box) (step_in_sound box v here) (ceiling_holds_in box) (ceiling_in_sound box v here)
    (arc_holds_in box) (fun r x => fvalue (fderivative (f_of box r)) (x :: v)) (member_derivative box v here)
    (arc_in_sound box v here)) with (beside_ok := fun _ _ _ => false).
  - intros r f radius ratio splits Hf HR Hk H; exact (grows_in_sound box v here r f radius ratio _ splits Hf HR Hk H).
  - unfold members; clear; induction rows as [|r rows IH]; simpl; [exact I|split; [intros x; reflexivity|exact IH]].
Qed.

End Members.

(** ** Families *)

Definition unit_interval : interval := (0%Q, 1%Q).
Definition is_inside_unit (q : Q) : bool := below 0 q && below q 1.

Definition patch_axes (p : patch) : list axis := cut_axes (sides p) (tl (grid_of p)).
Definition patch_fits (p : patch) : bool :=
  grid_fits (sides p) unit_interval (grid_of p) &&
  match at_y p with Some y => is_inside_unit y | None => true end.

(** One box and the cells that it uses, one of each cover, with one y where they have one. *)
Fixpoint use_holds (box : list axis) (y : option Q) (covers : list (list patch)) (use : list nat) : bool :=
  match covers, use with
  | [], [] => true
  | cover :: covers', i :: use' =>
      match nth_error cover i with
      | Some p =>
          box_within box (sides p) &&
          match y, at_y p with
          | Some a, Some b => Qeq_bool a b && use_holds box y covers' use'
          | Some _, None => use_holds box y covers' use'
          | None, b => use_holds box b covers' use'
          end
      | None => false
      end
  | _, _ => false
  end.
Fixpoint all_used (boxes : list (list axis)) (covers : list (list patch)) (uses : list (list nat)) : bool :=
  match boxes, uses with
  | [], [] => true
  | box :: boxes', use :: uses' => use_holds box None covers use && all_used boxes' covers uses'
  | _, _ => false
  end.
Definition has_inside (i : axis) : bool := low_in i || below (low i) (high i).

Definition covers_at_of (covers : list (list patch)) : list cover_at :=
  map (map (fun p => (match at_y p with Some y => y | None => 0%Q end, patch_axes p))) covers.
Definition covers_of (covers : list (list patch)) : list cover :=
  map (map (fun p => (hd [] (grid_of p), patch_axes p))) covers.

Definition region_holds (n : nat) (row : list (list monomial)) (what : property) (boxes : list (list axis))
    (covers : list (list patch)) (uses : list (list nat)) : bool :=
  let first := at_one_y what in
  negb (Nat.eqb (length boxes) 0) && forallb (forallb has_inside) boxes && forallb (forallb patch_fits) covers &&
  all_used boxes covers uses &&
  region_test n row boxes what (covers_of (skipn first covers)) (covers_at_of (firstn first covers)).

Theorem region_sound : forall n row what boxes covers uses, region_holds n row what boxes covers uses = true ->
  Means (OfRegion n row what boxes).
Proof.
  intros n row what boxes covers uses H; apply andb_true_iff in H as [_ H]; cbn [Means].
  apply for_all_length; intros v _ Hv.
  exact (region n row boxes what _ _ v (family_text row v) Hv (fun x => eq_refl) H).
Qed.

(** Every coefficient of a power of y but the first is 0. *)
Definition without_y (ms : list monomial) : bool :=
  forallb (fun m => Nat.eqb (hd 0%nat (snd m)) 0 || is_zero (fst m)) ms.

Definition contact_fits (what : property) (how : critical) (range : interval) (others : list axis) (d : contact_data) : bool :=
  let (a0, a1) := range in
  let (w0, w1) := window d in
  let (c0, c1) := core d in
  let over (y a : interval) := all_fit (y :: a :: map span others) in
  over unit_interval (a0, a1) (w_splits d) && over unit_interval (a0, w0) (A_splits d) &&
  forallb (over unit_interval (a0, w1)) (other_splits d) &&
  over (0%Q, c0) (w0, w1) (low_edge d) && over (c1, 1%Q) (w0, w1) (high_edge d) &&
  over (c0, c1) (w0, w1) (falling d) &&
  match how with Zero => true | _ => over unit_interval (w0, a1) (tail d) end &&
  all_fit ((w1, a1) :: map span others) (grid d) && over unit_interval (w0, w1) (nonzero d).

Definition threshold_holds (n : nat) (row : list (list monomial)) (what : property) (how : critical) (range : interval)
    (others : list axis) (m : list monomial) (isolating : option interval) (d : contact_data) (alone : list (list Q)) : bool :=
  let (a0, a1) := range in
  Nat.eqb n (S (length others)) && negb (vanishes m) && without_y (cofactor d) &&
  contact_fits what how range others d &&
  threshold_test row what how a0 a1 others m d &&
  match isolating, others with
  | None, _ => true
  | Some (lo, hi), [] =>
      all_fit [unit_interval; window d] alone &&
      (rises_through (sum_of 1 m) (fst (window d)) (snd (window d)) lo hi (nth 1 alone []) ||
       rises_through (fopp (sum_of 1 m)) (fst (window d)) (snd (window d)) lo hi (nth 1 alone []))
  | Some _, _ => false
  end.

(** The window lies in the range. *)
Lemma window_in_range : forall row what how a0 a1 others m d, threshold_test row what how a0 a1 others m d = true ->
  QR a0 <= QR (fst (window d)) /\ QR (snd (window d)) <= QR a1.
Proof.
  intros row what how a0 a1 others m d H; unfold threshold_test in H.
  destruct (window d) as [w0 w1]; destruct (core d); cbn [fst snd].
  repeat (apply andb_true_iff in H as [H ?H]); split; apply QR_le; assumption.
Qed.

Theorem threshold_sound : forall n row what how range others m isolating d alone,
  threshold_holds n row what how range others m isolating d alone = true ->
  Means (OfThreshold n row what how range others m isolating).
Proof.
  intros n row what how [a0 a1] others m isolating d alone H; unfold threshold_holds in H.
  apply andb_true_iff in H as [H Halone]; apply andb_true_iff in H as [H Htest].
  do 3 (apply andb_true_iff in H as [H _]); apply Nat.eqb_eq in H; subst n; cbn [Means pred].
  destruct (window_in_range _ _ _ _ _ _ _ _ Htest) as [W0 W1].
  apply for_all_length; intros v Hlen; destruct isolating as [[lo hi]|].
  - destruct others; [|discriminate]; destruct v; [|discriminate]; cbn [where_in].
    apply andb_true_iff in Halone as [_ Halone].
    destruct (threshold_alone row what how a0 a1 m d lo hi (nth 1 alone []) (fun a => family_text row [a])
      (fun a => sum_text m [a]) (conj (fun a x => eq_refl) (fun a => eq_refl)) (andb_true_intro (conj Htest Halone)))
      as [alpha [Hw [Hi [E [U [Before After]]]]]].
    exists alpha; split; [lra|split; [exact E|split; [exact Hi|split; [|split; assumption]]]].
    intros a Ha Ea; apply U; [|exact Ea]; unfold inside in Ha; cbn [fst snd] in Ha.
    assert (QR (fst (window d)) <= QR lo /\ QR hi <= QR (snd (window d))); [|lra].
    apply orb_true_iff in Halone as [R|R]; unfold rises_through in R; repeat (apply andb_true_iff in R as [R ?H]);
      split; apply QR_le; assumption.
  - assert (G : in_box_text others v -> exists alpha : R,
      QR a0 < alpha < QR a1 /\ sum_text m (alpha :: v) = 0 /\
      (forall a, QR a0 < a < alpha -> follows what (family_text row (a :: v))) /\
      (forall a, alpha < a <= QR a1 -> fails how (family_text row (a :: v)))).
    { intros Hv; destruct (threshold row what how a0 a1 others m d v (fun a => family_text row (a :: v))
        (fun a => sum_text m (a :: v)) Hv (conj (fun a x => eq_refl) (fun a => eq_refl)) Htest)
        as [alpha [Hw [E [Before After]]]].
      exists alpha; repeat split; try assumption; lra. }
    destruct others; [destruct v; [apply G; exact I|discriminate]|exact G].
Qed.
