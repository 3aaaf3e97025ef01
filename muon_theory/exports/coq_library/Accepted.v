(** * The decision

    [accepted] is to a text what [check.py] is to a file: it reads certificates
    and decides whether each of them proves its claim. [accepted_sound] is the
    one theorem for all: what is accepted is true. *)

From Coq Require Import Reals ZArith QArith List Bool.
From MuonTheory Require Import Schedule Certificate Reader DecideSchedule DecideFamily.
From MuonTheory Require Export Json.
Import ListNotations.
Local Open Scope R_scope.

(** ** Texts *)

Definition holds (c : certificate) : bool :=
  match c with
  | Certificate.Schedule rows c w => schedule_holds rows c w
  | Members n rows box c w => Nat.eqb n (length box) && members_holds box rows c w
  | Certificate.Region n row what boxes covers uses => region_holds n row what boxes covers uses
  | Certificate.Threshold n row what how range others m isolating d alone =>
      threshold_holds n row what how range others m isolating d alone
  end.

Theorem holds_sound : forall c, holds c = true -> Means (said c).
Proof.
  intros [rows c w|n rows box c w|n row what boxes covers uses|n row what how range others m isolating d alone] H;
    cbn [holds said] in *.
  - exact (schedule_sound rows c w H).
  - apply andb_true_iff in H as [_ H]; cbn [Means]; apply for_all_length; intros v _ here.
    exact (members_sound box v rows c w here H).
  - exact (region_sound n row what boxes covers uses H).
  - exact (threshold_sound n row what how range others m isolating d alone H).
Qed.

(** What a text says: what its certificates mean. *)
Definition stated (t : text) : option (list statement) := option_map (map said) (read t).
Definition Says (t : text) : Prop := exists ss, stated t = Some ss /\ all_mean ss.

Definition accepted (t : text) : bool := match read t with Some cs => forallb holds cs | None => false end.

(** What is accepted is true. *)
Theorem accepted_sound : forall t, accepted t = true -> Says t.
Proof.
  intros t H; unfold accepted, Says, stated in *; destruct (read t) as [cs|]; [|discriminate].
  exists (map said cs); split; [reflexivity|].
  induction cs as [|c cs IH]; [exact I|]; cbn [forallb] in H; apply andb_true_iff in H as [Hc H].
  specialize (IH H); apply holds_sound in Hc; cbn [map all_mean]; destruct (map said cs); [exact Hc|split; assumption].
Qed.

(** ** Instances *)

(** A text says what it is read to say. *)
Lemma says_what_is_read : forall t ss, stated t = Some ss -> (Says t <-> all_mean ss).
Proof.
  intros t ss H; split; [intros [ss' [H' M]]; rewrite H in H'; injection H' as <-; exact M|].
  intros M; exists ss; split; assumption.
Qed.

Lemma one_and_more : forall s t ss P Q, (Means s <-> P) -> (all_mean (t :: ss) <-> Q) ->
  (all_mean (s :: t :: ss) <-> P /\ Q).
Proof. intros s t ss P Q HP HQ; change (Means s /\ all_mean (t :: ss) <-> P /\ Q); rewrite HP, HQ; apply iff_refl. Qed.

(** The goal is Says t <-> ...: read t. *)
Ltac by_reading :=
  lazymatch goal with
  | |- Says ?t <-> _ =>
      let ss := eval vm_compute in (stated t) in
      lazymatch ss with
      | Some ?l => refine (iff_trans (says_what_is_read t l _) _); [vm_cast_no_check (eq_refl (Some l))|]
      | None => fail 1 "the text is no certificate"
      end
  end.

(** One statement of several, or the last. *)
Ltac statement_by tactic :=
  lazymatch goal with
  | |- all_mean [_] <-> _ => tactic
  | |- all_mean (_ :: _ :: _) <-> _ => refine (one_and_more _ _ _ _ _ _ _); [tactic|]
  end.

Ltac of_schedule fs := statement_by ltac:(refine (iff_trans (schedule_says fs _ _ _) _); [by_writing|exact (iff_refl _)]).
Ltac of_members Fs :=
  statement_by ltac:(refine (iff_trans (members_say _ _ _ _ Fs _) _); [cbn [for_all]; intros; by_writing|exact (iff_refl _)]).
Ltac of_family := statement_by ltac:(exact (iff_refl _)).

(** The goal is what the_text says, by that equivalence. *)
Ltac by_accepting says := refine (proj1 says (accepted_sound _ _)); by_computing.
