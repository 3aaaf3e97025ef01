(** * ratio: bounds on φ(x)/x by polynomial models

    On a cell x = a + (b - a) u, 0 ≤ u ≤ 1, a model is a polynomial p in u with
    an error e: |φ(x)/x - p(u)| ≤ e(u). Such a number is p + (2v - 1) e for a v
    in [0, 1], so a step is shown on the square of all (u, v). *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From MuonTheory Require Import Polynomial Schedule Several Box Monomials.
Import ListNotations.
Local Open Scope R_scope.

(** ** Polynomials in u and v *)

Definition model := (list Q * list Q)%type.

Definition unit_interval : axis := Axis 0 true 1 true [].
Definition nonnegative_on_square (p : fraction 2) : bool := nonnegative_on [unit_interval; unit_interval] p.

(** c0 + c1 z + c2 z² + ... *)
Definition sum_at (cs : list Q) (z : fraction 2) : fraction 2 :=
  fold_right (fun c sum => lower (fadd (fconstant 2 c) (fmul z sum))) (fconstant 2 0) cs.
(** The same without seeking lowest terms: for few coefficients, where z is long. *)
Definition compose_at (cs : list Q) (z : fraction 2) : fraction 2 :=
  fold_right (fun c sum => fadd (fconstant 2 c) (fmul z sum)) (fconstant 2 0) cs.
Definition in_u (cs : list Q) : fraction 2 := sum_at cs (ffirst 1).
Definition from_minus_one : fraction 2 :=   (* 2v - 1 *)
  fsub (fmul (fconstant 2 2) (lift (ffirst 0))) (fconstant 2 1).

(** The numbers that they denote. *)
Definition valued (cs : list Q) (u : R) : R := rvalue (even_part cs) u.

Lemma sum_at_value : forall cs z w, fvalue (sum_at cs z) w = valued cs (fvalue z w).
Proof.
  intros cs z w; unfold valued; induction cs as [|c cs IH].
  - cbn [sum_at fold_right]; rewrite fvalue_constant; unfold even_part; rewrite rvalue_reduce; symmetry; apply rvalue_constant.
  - cbn [sum_at fold_right]; fold (sum_at cs z).
    rewrite fvalue_lower, fvalue_add, fvalue_mul, fvalue_constant, IH, even_part_cons; reflexivity.
Qed.
Lemma compose_at_value : forall cs z w, fvalue (compose_at cs z) w = valued cs (fvalue z w).
Proof.
  intros cs z w; rewrite <- sum_at_value; induction cs as [|c cs IH]; [reflexivity|].
  cbn [compose_at sum_at fold_right]; fold (compose_at cs z); fold (sum_at cs z).
  rewrite fvalue_lower, !fvalue_add, !fvalue_mul, IH; reflexivity.
Qed.
Lemma in_u_value : forall cs u v, fvalue (in_u cs) [u; v] = valued cs u.
Proof. intros; unfold in_u; rewrite sum_at_value, fvalue_first; reflexivity. Qed.
Lemma from_minus_one_value : forall u v, fvalue from_minus_one [u; v] = 2 * v - 1.
Proof.
  intros; unfold from_minus_one; rewrite fvalue_sub, fvalue_mul, !fvalue_constant, fvalue_lift, fvalue_first.
  unfold QR; simpl; ring.
Qed.

(** THE RULE on the unit square. *)
Lemma nonnegative_on_square_sound : forall p u v, nonnegative_on_square p = true ->
  0 <= u <= 1 -> 0 <= v <= 1 -> 0 <= fvalue p [u; v].
Proof.
  intros p u v H Hu Hv; apply (nonnegative_on_sound 2 _ p H); cbn [in_box].
  assert (U : forall x, 0 <= x <= 1 -> in_axis unit_interval x) by (intros x Hx; unfold in_axis; cbn; unfold QR; cbn; lra).
  split; [|split]; auto.
Qed.

(** ** One step *)

Definition model_holds (x : fraction 2) (r : row) (now next : model) : bool :=
  let rho := lower (fadd (in_u (fst now)) (fmul from_minus_one (in_u (snd now)))) in
  let off := fsub (fmul rho (compose_at r (fmul (fmul x x) (fmul rho rho)))) (in_u (fst next)) in
  let e := in_u (snd next) in
  nonnegative_on_square (fadd off e) && nonnegative_on_square (fsub e off).

Definition near (m : model) (u rho : R) : Prop := Rabs (rho - valued (fst m) u) <= valued (snd m) u.

(** A number near the model is one of its p + (2v - 1) e. *)
Lemma near_by : forall m u rho, near m u rho ->
  exists v, 0 <= v <= 1 /\ rho = valued (fst m) u + (2 * v - 1) * valued (snd m) u.
Proof.
  intros [p e] u rho H; unfold near in H; cbn [fst snd] in *.
  set (P := valued p u) in *; set (E := valued e u) in *.
  pose proof (Rabs_pos (rho - P)) as H0.
  destruct (Req_dec E 0) as [Z|N].
  - exists (1 / 2); split; [lra|]; unfold Rabs in H; destruct (Rcase_abs (rho - P)); lra.
  - assert (HE : 0 < E) by lra.
    exists (((rho - P) / E + 1) / 2); split; [|field; exact N].
    assert (-1 <= (rho - P) / E <= 1); [|lra].
    unfold Rabs in H; split; [apply Rmult_le_reg_r with E|apply Rmult_le_reg_r with E]; try exact HE;
      unfold Rdiv; rewrite Rmult_assoc, Rinv_l by exact N; destruct (Rcase_abs (rho - P)); lra.
Qed.

(** The next ratio is near the next model. *)
Lemma model_sound : forall x r now next f u X rho, is_written f r -> model_holds x r now next = true ->
  0 <= u <= 1 -> (forall v, fvalue x [u; v] = X) -> near now u rho ->
  exists rho', f (X * rho) = X * rho' /\ near next u rho'.
Proof.
  intros x r now next f u X rho Hf H Hu HX Hn; unfold model_holds in H; apply andb_true_iff in H as [Lo Hi].
  destruct (near_by now u rho Hn) as [v [Hv E]].
  apply (nonnegative_on_square_sound _ u v) in Lo; try assumption.
  apply (nonnegative_on_square_sound _ u v) in Hi; try assumption.
  rewrite fvalue_add, !fvalue_sub, !fvalue_mul, compose_at_value, !fvalue_mul, fvalue_lower, fvalue_add, fvalue_mul, !in_u_value, HX,
    from_minus_one_value, <- E in Lo.
  rewrite !fvalue_sub, !fvalue_mul, compose_at_value, !fvalue_mul, fvalue_lower, fvalue_add, fvalue_mul, !in_u_value, HX,
    from_minus_one_value, <- E in Hi.
  exists (rho * valued r (X * X * (rho * rho))); split.
  - rewrite Hf, written_value; unfold valued; replace ((X * rho) ^ 2) with (X * X * (rho * rho)) by ring; ring.
  - unfold near; apply Rabs_le; lra.
Qed.

(** ** A cell *)

Definition on_cell (a b : Q) : list Q := [a; b - a]%Q.

Fixpoint models_hold (x : fraction 2) (rows : list row) (now : model) (steps : list model) (last : model -> bool) : bool :=
  match rows, steps with
  | [], [] => last now
  | r :: rows', next :: steps' => model_holds x r now next && models_hold x rows' next steps' last
  | _, _ => false
  end.

Definition model_one : model := ([1%Q], [0%Q]).

Lemma last_cons : forall (A : Type) l (a d : A), List.last (a :: l) d = List.last l a.
Proof.
  induction l as [|b l IH]; intros a d; [reflexivity|].
  transitivity (List.last (b :: l) d); [reflexivity|]; rewrite !IH; reflexivity.
Qed.

(** The ratio at the end of a cell is near a model that passes the test. *)
Lemma models_sound : forall rows fs x u X now steps last rho, written_as fs rows ->
  models_hold x rows now steps last = true -> 0 <= u <= 1 -> (forall v, fvalue x [u; v] = X) -> near now u rho ->
  exists rho', last (List.last steps now) = true /\ near (List.last steps now) u rho' /\ run fs (X * rho) = X * rho'.
Proof.
  induction rows as [|r rows IH]; intros [|f fs] x u X now [|next steps] last rho Hw H Hu HX Hn;
    try (contradiction || discriminate); cbn [models_hold] in H.
  - exists rho; auto.
  - destruct Hw as [Hf Hw]; apply andb_true_iff in H as [Hs H].
    destruct (model_sound x r now next f u X rho Hf Hs Hu HX Hn) as [rho' [E Hn']].
    destruct (IH fs x u X next steps last rho' Hw H Hu HX Hn') as [rho'' [Hm [Hn'' E']]].
    exists rho''; rewrite last_cons; cbn [run]; rewrite E; auto.
Qed.

(** The number of a cell at u. *)
Lemma on_cell_value : forall a b u, valued (on_cell a b) u = QR a + u * (QR b - QR a).
Proof.
  intros; unfold valued, on_cell; rewrite !even_part_cons.
  replace (rvalue (even_part []) u) with 0
    by (unfold even_part; rewrite rvalue_reduce; simpl; rewrite rvalue_constant; reflexivity).
  unfold Qminus; rewrite QR_plus, QR_opp; ring.
Qed.

(** What holds of the last model of a cell, for each of its points. *)
Lemma cell_sound : forall rows fs a b steps last x, written_as fs rows ->
  models_hold (in_u (on_cell a b)) rows model_one steps last = true -> QR a < QR b -> QR a <= x <= QR b ->
  let m := List.last steps model_one in
  exists rho, last m = true /\ near m ((x - QR a) / (QR b - QR a)) rho /\ run fs x = x * rho.
Proof.
  intros rows fs a b steps last x Hw H Hab Hx m; set (u := (x - QR a) / (QR b - QR a)).
  assert (Hu : 0 <= u <= 1).
  { unfold u; split; [apply Rmult_le_reg_r with (QR b - QR a)|apply Rmult_le_reg_r with (QR b - QR a)]; try lra;
      unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
  assert (HX : forall v, fvalue (in_u (on_cell a b)) [u; v] = x).
  { intros v; rewrite in_u_value, on_cell_value; unfold u; field; lra. }
  destruct (models_sound rows fs _ u x model_one steps last 1 Hw H Hu HX) as [rho [Hm [Hn E]]].
  - unfold near, model_one, valued; cbn [fst snd]; rewrite !even_part_cons.
    replace (rvalue (even_part []) u) with 0
      by (unfold even_part; rewrite rvalue_reduce; simpl; rewrite rvalue_constant; reflexivity).
    unfold QR; simpl; apply Rabs_le; lra.
  - exists rho; rewrite Rmult_1_r in E; auto.
Qed.

(** ** ratio *)

Fixpoint all_cells (holds : Q -> Q -> list model -> bool) (a : Q) (points : list Q) (b : Q) (cells : list (list model)) : bool :=
  match points, cells with
  | [], [steps] => below a b && holds a b steps
  | p :: points', steps :: cells' => below a p && holds a p steps && all_cells holds p points' b cells'
  | _, _ => false
  end.

(** The last model lies within the bounds. *)
Definition model_within (bounds : interval) (m : model) : bool :=
  let (p, e) := m in
  nonnegative_on_square (fsub (fsub (in_u p) (in_u e)) (fconstant 2 (fst bounds))) &&
  nonnegative_on_square (fsub (fsub (fconstant 2 (snd bounds)) (in_u p)) (in_u e)).

Definition ratio_test (rows : list row) (over bounds : interval) (points : list Q) (cells : list (list model)) : bool :=
  all_cells (fun a b steps => models_hold (in_u (on_cell a b)) rows model_one steps (model_within bounds))
    (fst over) points (snd over) cells.

(** Every point of the interval lies in a cell. *)
Lemma all_cells_sound : forall (holds : Q -> Q -> list model -> bool) points cells a b x, all_cells holds a points b cells = true ->
  QR a <= x <= QR b -> exists l r steps, holds l r steps = true /\ QR l < QR r /\ QR l <= x <= QR r.
Proof.
  intros holds; induction points as [|p points IH]; intros [|steps cells] a b x H Hx; cbn [all_cells] in H; try discriminate.
  - destruct cells; [|discriminate]; apply andb_true_iff in H as [L H]; exists a, b, steps.
    split; [exact H|split; [apply QR_lt, L|exact Hx]].
  - apply andb_true_iff in H as [H Hrest]; apply andb_true_iff in H as [L H].
    destruct (Rle_lt_dec x (QR p)) as [Le|Gt].
    + exists a, p, steps; split; [exact H|split; [apply QR_lt, L|lra]].
    + apply (IH cells p b x Hrest); lra.
Qed.

(** bounds on φ(x)/x, for x > 0. *)
Theorem ratio : forall rows fs over bounds points cells, written_as fs rows ->
  ratio_test rows over bounds points cells = true ->
  forall x, inside over x -> 0 < x -> inside bounds (run fs x / x).
Proof.
  intros rows fs over bounds points cells Hw H x Hx Hpos.
  destruct (all_cells_sound _ _ _ _ _ x H Hx) as [a [b [steps [Hc [Hab Hin]]]]].
  destruct (cell_sound rows fs a b steps _ x Hw Hc Hab Hin) as [rho [Hm [Hn E]]].
  destruct (List.last steps model_one) as [p e]; set (u := (x - QR a) / (QR b - QR a)) in *.
  assert (Hu : 0 <= u <= 1).
  { unfold u; split; [apply Rmult_le_reg_r with (QR b - QR a)|apply Rmult_le_reg_r with (QR b - QR a)]; try lra;
      unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
  unfold model_within in Hm; apply andb_true_iff in Hm as [Lo Hi].
  apply (nonnegative_on_square_sound _ u 0) in Lo; [|exact Hu|lra].
  apply (nonnegative_on_square_sound _ u 0) in Hi; [|exact Hu|lra].
  rewrite !fvalue_sub, !in_u_value, fvalue_constant in Lo, Hi; unfold near in Hn; cbn [fst snd] in Hn.
  rewrite E; replace (x * rho / x) with rho by (field; lra).
  unfold inside; unfold Rabs in Hn; destruct (Rcase_abs (rho - valued p u)); lra.
Qed.
