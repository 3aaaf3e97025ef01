(** * Integrals of polynomials *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Schedule.
From MuonTheory Require InBox.
Import ListNotations.
Local Open Scope R_scope.

(** ∫ t^k p(t) over [0, u]. *)
Fixpoint rise (p : poly) (k : nat) (u : R) : R :=
  match p with [] => 0 | c :: q => IZR c / INR (S k) * u ^ S k + rise q (S k) u end.
Fixpoint area (p : poly) (k : nat) : Q :=
  match p with [] => 0%Q | c :: q => ((c # Pos.of_succ_nat k) + area q (S k))%Q end.

Lemma rise_derivative : forall p k u, derivable_pt_lim (rise p k) u (u ^ k * value p u).
Proof.
  induction p as [|c q IH]; intros k u.
  - cbn [rise value]; replace (u ^ k * 0) with 0 by ring; apply (derivable_pt_lim_const 0).
  - cbn [value]; replace (u ^ k * (IZR c + u * value q u))
      with (IZR c / INR (S k) * (INR (S k) * u ^ k) + u ^ S k * value q u)
      by (simpl pow; field; apply not_0_INR; discriminate).
    apply (derivable_pt_lim_plus (mult_real_fct (IZR c / INR (S k)) (fun u => u ^ S k)) (rise q (S k))); [|apply IH].
    apply derivable_pt_lim_scal; exact (derivable_pt_lim_pow u (S k)).
Qed.
Lemma rise_zero : forall p k, rise p k 0 = 0.
Proof. induction p as [|c q IH]; intros k; cbn [rise]; [reflexivity|]; rewrite IH; simpl pow; ring. Qed.
Lemma area_value : forall p k, QR (area p k) = rise p k 1.
Proof.
  induction p as [|c q IH]; intros k; cbn [area rise]; [reflexivity|].
  rewrite QR_plus, IH, QR_quotient, pow1, INR_IZR_INZ; cbn [Qnum Qden]; rewrite Rmult_1_r; reflexivity.
Qed.

Definition integral (r : rpoly) : Q := (area (top r) 0 * (1 # bottom r))%Q.

(** Over a cell, in x. *)
Lemma cell_integral : forall r a b, a < b ->
  is_RInt (fun x => rvalue r ((x - a) / (b - a))) a b ((b - a) * QR (integral r)).
Proof.
  intros r a b Hab; set (F := fun x => (b - a) * (rise (top r) 0 ((x - a) / (b - a)) / IZR (Zpos (bottom r)))).
  replace ((b - a) * QR (integral r)) with (minus (F b) (F a)).
  - apply (is_RInt_derive F (fun x => rvalue r ((x - a) / (b - a)))); intros x _.
    + apply is_derive_Reals.
      assert (G : derivable_pt_lim (fun x => (x - a) / (b - a)) x (/ (b - a))).
      { apply is_derive_Reals; auto_derive; [trivial|]; unfold Rdiv; ring. }
      pose proof (derivable_pt_lim_comp _ (rise (top r) 0) x _ _ G (rise_derivative (top r) 0 _)) as D.
      pose proof (derivable_pt_lim_scal _ ((b - a) / IZR (Zpos (bottom r))) x _ D) as D'.
      replace (rvalue r ((x - a) / (b - a)))
        with ((b - a) / IZR (Zpos (bottom r)) * (((x - a) / (b - a)) ^ 0 * value (top r) ((x - a) / (b - a)) * / (b - a)))
        by (unfold rvalue; simpl pow; field; split; [auto|lra]).
      intros eps He; destruct (D' eps He) as [d Hd]; exists d; intros h Hh Hlt.
      specialize (Hd h Hh Hlt); unfold mult_real_fct, comp in Hd; unfold F.
      replace ((b - a) * (rise (top r) 0 ((x + h - a) / (b - a)) / IZR (Zpos (bottom r))))
        with ((b - a) / IZR (Zpos (bottom r)) * rise (top r) 0 ((x + h - a) / (b - a))) by (field; auto).
      replace ((b - a) * (rise (top r) 0 ((x - a) / (b - a)) / IZR (Zpos (bottom r))))
        with ((b - a) / IZR (Zpos (bottom r)) * rise (top r) 0 ((x - a) / (b - a))) by (field; auto).
      exact Hd.
    + apply continuity_pt_filterlim, (continuity_pt_comp (fun x => (x - a) / (b - a)) (rvalue r)).
      * apply derivable_continuous_pt; exists (/ (b - a)); apply is_derive_Reals; auto_derive; [trivial|unfold Rdiv; ring].
      * apply rvalue_continuous.
  - unfold F, minus, plus, opp; simpl.
    replace ((b - a) / (b - a)) with 1 by (field; lra); replace ((a - a) / (b - a)) with 0 by (field; lra).
    rewrite rise_zero; unfold integral; rewrite QR_mult, area_value, (QR_quotient (1 # bottom r)); cbn [Qnum Qden].
    field; auto.
Qed.

(** What lies between two polynomials has its integral between theirs. *)
Lemma between_integrals : forall (H : R -> R) a b lo hi, a < b -> ex_RInt H a b ->
  (forall x, a < x < b -> rvalue lo ((x - a) / (b - a)) <= H x <= rvalue hi ((x - a) / (b - a))) ->
  (b - a) * QR (integral lo) <= RInt H a b <= (b - a) * QR (integral hi).
Proof.
  intros H a b lo hi Hab Hex B.
  pose proof (cell_integral lo a b Hab) as Lo; pose proof (cell_integral hi a b Hab) as Hi.
  rewrite <- (is_RInt_unique _ _ _ _ Lo), <- (is_RInt_unique _ _ _ _ Hi); split; apply RInt_le; try lra; try assumption.
  - exact (ex_intro _ _ Lo).
  - intros x Hx; apply B, Hx.
  - exact (ex_intro _ _ Hi).
  - intros x Hx; apply B, Hx.
Qed.
