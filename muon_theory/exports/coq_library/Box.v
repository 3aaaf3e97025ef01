(** * The Bernstein rule on boxes

    A box is cut into strata: products of points and open intervals. On each
    of them x = (a + b t) / (1 + t), t > 0, is substituted for the first
    variable, then the same is done to the coefficients of the polynomial in
    t. What remains are the tensor Bernstein coefficients, each times positive
    integers: if none is negative and one is positive, the polynomial is
    positive on the stratum. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Several.
Import ListNotations.
Local Open Scope R_scope.

(** ** Substituting a quotient for the first variable *)

(** The coefficient c times an integer polynomial in t. *)
Definition spread (n : nat) (p : poly) (c : mpoly n) : mpoly (S n) := map (fun k => mscale n k c) p.

(** An integer polynomial in t times a polynomial. *)
Fixpoint times (n : nat) (p : poly) (h : mpoly (S n)) : mpoly (S n) :=
  match p with [] => [] | k :: q => madd (S n) (mscale (S n) k h) (mzero n :: times n q h) end.

(** As [Bernstein.substitute]: for c of length m and C = d B: C^m · c(A/C) / C,
    B^m and d^m, without division. *)
Fixpoint msubstitute (n : nat) (c : list (mpoly n)) (A : poly) (d : Z) (B : poly) : mpoly (S n) * poly * Z :=
  match c with
  | [] => ([], [1%Z], 1%Z)
  | k :: c' =>
      match msubstitute n c' A d B with
      | (h, b, e) => (madd (S n) (spread n (scale e b) k) (times n A h), mul B b, (d * e)%Z)
      end
  end.

(** What they denote. *)
Lemma mvalue_spread : forall n p c t v,
  mvalue (S n) (spread n p c) (t :: v) = value p t * mvalue n c v.
Proof.
  intros n p c t v; induction p as [|k p IH]; [simpl; ring|].
  change (spread n (k :: p) c) with (mscale n k c :: spread n p c).
  rewrite mvalue_cons, IH, mvalue_scale; simpl; ring.
Qed.

(** Products with an integer polynomial. *)
Lemma mvalue_times : forall n p h t v,
  mvalue (S n) (times n p h) (t :: v) = value p t * mvalue (S n) h (t :: v).
Proof.
  intros n p h t v; induction p as [|k p IH]; [simpl; ring|].
  change (times n (k :: p) h) with (madd (S n) (mscale (S n) k h) (mzero n :: times n p h)).
  rewrite mvalue_add, mvalue_scale, mvalue_cons, mvalue_zero, IH; simpl; ring.
Qed.

(** What the three are. *)
Lemma msubstitute_value : forall n (c : list (mpoly n)) A d B t v, IZR d * value B t <> 0 ->
  match msubstitute n c A d B with
  | (h, b, e) =>
      value b t = value B t ^ length c /\ IZR e = IZR d ^ length c /\
      IZR d * value B t * mvalue (S n) h (t :: v)
        = (IZR d * value B t) ^ length c * mvalue (S n) c (value A t / (IZR d * value B t) :: v)
  end.
Proof.
  intros n c A d B t v HC; induction c as [|k c IH];
    [cbn [msubstitute length value pow]; repeat split; simpl; ring|].
  cbn [msubstitute length].
  destruct (msubstitute n c A d B) as [[h b] e]; destruct IH as [Hb [He Hh]].
  rewrite value_mul, mvalue_add, mvalue_spread, mvalue_times, value_scale, Hb, mult_IZR, He, mvalue_cons.
  cbn [pow]; split; [ring|split; [ring|]].
  set (C := IZR d * value B t) in *.
  set (M := mvalue (S n) h (t :: v)) in *; set (P := mvalue (S n) c (value A t / C :: v)) in *.
  replace (C * (IZR d ^ length c * value B t ^ length c * mvalue n k v + value A t * M))
    with (C * mvalue n k v * (IZR d ^ length c * value B t ^ length c) + value A t * (C * M)) by ring.
  rewrite Hh, <- Rpow_mult_distr; fold C; field; assumption.
Qed.

(** ** Strata *)

Inductive stratum := At (q : Q) | Inside (a b : Q).

Definition in_stratum (s : stratum) (x : R) : Prop :=
  match s with At q => x = QR q | Inside a b => QR a < x < QR b end.

(** The coefficients of the polynomial in t. *)
Definition coefficients (n : nat) (s : stratum) (p : mpoly (S n)) : mpoly (S n) :=
  match s with
  | At q => fst (fst (msubstitute n p [Qnum q] (Zpos (Qden q)) [1%Z]))
  | Inside a b =>
      fst (fst (msubstitute n p [Qnum a * Zpos (Qden b); Qnum b * Zpos (Qden a)]%Z
                  (Zpos (Qden a) * Zpos (Qden b)) [1; 1]%Z))
  end.

(** Where d B > 0 the substituted polynomial is a positive multiple. *)
Lemma msubstituted_multiple : forall n (c : list (mpoly n)) A d B t v, 0 < IZR d * value B t ->
  exists k, 0 < k /\
    mvalue (S n) (fst (fst (msubstitute n c A d B))) (t :: v)
      = k * mvalue (S n) c (value A t / (IZR d * value B t) :: v).
Proof.
  intros n c A d B t v HC.
  pose proof (msubstitute_value n c A d B t v ltac:(lra)) as H.
  destruct (msubstitute n c A d B) as [[h b] e]; destruct H as [_ [_ H]]; cbn [fst].
  set (C := IZR d * value B t) in *; exists (C ^ length c / C); split.
  - apply Rdiv_lt_0_compat; [apply pow_lt|]; assumption.
  - apply Rmult_eq_reg_l with C; [|lra]; rewrite H; field; lra.
Qed.

(** At some t > 0 it is a positive multiple of the polynomial at x. *)
Lemma coefficients_multiple : forall n s p x v, in_stratum s x ->
  exists k t, 0 < k /\ 0 < t /\
    mvalue (S n) (coefficients n s p) (t :: v) = k * mvalue (S n) p (x :: v).
Proof.
  intros n [q|a b] p x v Hx; cbn [in_stratum coefficients] in *.
  - destruct (msubstituted_multiple n p [Qnum q] (Zpos (Qden q)) [1%Z] 1 v) as [k [Hk H]];
      [cbn [value]; pose proof (positive_real (Qden q)); lra|].
    exists k, 1; repeat split; [exact Hk|lra|]; rewrite H; do 3 f_equal.
    rewrite Hx, QR_quotient; cbn [value]; field; auto.
  - set (t := (x - QR a) / (QR b - x)).
    assert (Ht : 0 < t) by (apply Rdiv_lt_0_compat; lra).
    set (A := [Qnum a * Zpos (Qden b); Qnum b * Zpos (Qden a)]%Z).
    set (d := (Zpos (Qden a) * Zpos (Qden b))%Z).
    assert (Hd : 0 < IZR d) by (unfold d; rewrite mult_IZR; apply Rmult_lt_0_compat; auto).
    assert (HC : 0 < IZR d * value [1; 1]%Z t)
      by (cbn [value]; pose proof (Rmult_lt_0_compat _ _ Ht Hd); lra).
    destruct (msubstituted_multiple n p A d [1; 1]%Z t v HC) as [k [Hk H]].
    exists k, t; repeat split; try assumption; rewrite H; do 3 f_equal.
    replace (value A t) with (IZR d * (QR a + t * QR b)).
    + replace (IZR d * value [1; 1]%Z t) with (IZR d * (1 + t)) by (cbn [value]; ring).
      unfold t; field; lra.
    + rewrite !QR_quotient; unfold A, d; simpl; rewrite ?Pos2Z.inj_mul, !mult_IZR; field; auto.
Qed.

(** ** All coefficients *)

(** The Bernstein coefficients of p on a product of strata; a negative one if
    there are fewer strata than variables. *)
Fixpoint leaves (n : nat) : mpoly n -> list stratum -> list Z :=
  match n with
  | O => fun c _ => [c]
  | S n' => fun p ss =>
      match ss with
      | [] => [-1]%Z
      | s :: ss' => flat_map (fun c => leaves n' c ss') (coefficients n' s p)
      end
  end.

Fixpoint in_strata (ss : list stratum) (v : list R) : Prop :=
  match ss, v with
  | [], [] => True
  | s :: ss', x :: v' => in_stratum s x /\ in_strata ss' v'
  | _, _ => False
  end.

(** A test of every entry of a concatenation. *)
Lemma forallb_flat_map : forall (A B : Type) (f : A -> list B) (test : B -> bool) l,
  forallb test (flat_map f l) = forallb (fun a => forallb test (f a)) l.
Proof. intros; induction l as [|a l IH]; simpl; [reflexivity|]; rewrite forallb_app, IH; reflexivity. Qed.

(** A test of some entry. *)
Lemma existsb_flat_map : forall (A B : Type) (f : A -> list B) (test : B -> bool) l,
  existsb test (flat_map f l) = existsb (fun a => existsb test (f a)) l.
Proof. intros; induction l as [|a l IH]; simpl; [reflexivity|]; rewrite existsb_app, IH; reflexivity. Qed.

(** Polynomials in t > 0 with coefficients that are ≥ 0 at v, and one > 0. *)
Lemma horner_nonnegative : forall (A : Type) (f : A -> R) (l : list A) t, 0 < t ->
  (forall c, In c l -> 0 <= f c) -> 0 <= horner (map f l) t.
Proof.
  intros A f l t Ht H; induction l as [|c l IH]; simpl; [lra|].
  pose proof (H c (or_introl eq_refl)).
  pose proof (Rmult_le_pos t _ ltac:(lra) (IH (fun d Hd => H d (or_intror Hd)))); lra.
Qed.

(** The strict form. *)
Lemma horner_positive : forall (A : Type) (f : A -> R) (l : list A) t, 0 < t ->
  (forall c, In c l -> 0 <= f c) -> (exists c, In c l /\ 0 < f c) -> 0 < horner (map f l) t.
Proof.
  intros A f l t Ht H [d [Hd Hp]]; induction l as [|c l IH]; simpl in *; [contradiction|].
  pose proof (H c (or_introl eq_refl)).
  pose proof (horner_nonnegative A f l t Ht (fun e He => H e (or_intror He))) as T.
  destruct Hd as [->|Hd].
  - pose proof (Rmult_le_pos t _ ltac:(lra) T); lra.
  - pose proof (Rmult_lt_0_compat t _ Ht (IH (fun e He => H e (or_intror He)) Hd)); lra.
Qed.

(** No negative coefficient: p ≥ 0 on the stratum. *)
Lemma leaves_nonnegative : forall n p ss v, forallb (Z.leb 0) (leaves n p ss) = true ->
  in_strata ss v -> 0 <= mvalue n p v.
Proof.
  induction n as [|n IH]; intros p ss v H Hv; cbn [leaves] in H.
  - simpl in H; rewrite andb_true_r in H; apply IZR_le, Z.leb_le, H.
  - destruct ss as [|s ss]; [discriminate|]; destruct v as [|x v]; [contradiction|].
    destruct Hv as [Hx Hv]; rewrite forallb_flat_map in H.
    destruct (coefficients_multiple n s p x v Hx) as [k [t [Hk [Ht E]]]].
    apply Rmult_le_reg_l with k; [exact Hk|]; rewrite Rmult_0_r, <- E.
    apply (horner_nonnegative _ (fun c => mvalue n c v)); [exact Ht|].
    rewrite forallb_forall in H; intros c Hc; apply (IH c ss v (H c Hc) Hv).
Qed.

(** One positive coefficient besides: p > 0. *)
Lemma leaves_positive : forall n p ss v,
  forallb (Z.leb 0) (leaves n p ss) = true -> existsb (Z.ltb 0) (leaves n p ss) = true ->
  in_strata ss v -> 0 < mvalue n p v.
Proof.
  induction n as [|n IH]; intros p ss v H P Hv; cbn [leaves] in H, P.
  - simpl in P; rewrite orb_false_r in P; apply IZR_lt, Z.ltb_lt, P.
  - destruct ss as [|s ss]; [discriminate|]; destruct v as [|x v]; [contradiction|].
    destruct Hv as [Hx Hv]; rewrite forallb_flat_map in H; rewrite existsb_flat_map in P.
    destruct (coefficients_multiple n s p x v Hx) as [k [t [Hk [Ht E]]]].
    apply Rmult_lt_reg_l with k; [exact Hk|]; rewrite Rmult_0_r, <- E.
    rewrite forallb_forall in H; apply existsb_exists in P as [c [Hc P]].
    apply (horner_positive _ (fun c => mvalue n c v)); [exact Ht| |].
    + intros e He; apply (leaves_nonnegative n e ss v (H e He) Hv).
    + exists c; split; [exact Hc|apply (IH c ss v (H c Hc) P Hv)].
Qed.

(** ** Boxes *)

(** An interval, which of its ends belong to it, and where it is cut. *)
Record axis := Axis { low : Q; low_in : bool; high : Q; high_in : bool; cuts : list Q }.

Definition in_axis (i : axis) (x : R) : Prop :=
  (if low_in i then QR (low i) <= x else QR (low i) < x) /\
  (if high_in i then x <= QR (high i) else x < QR (high i)).

Fixpoint in_box (box : list axis) (v : list R) : Prop :=
  match box, v with
  | [], [] => True
  | i :: box', x :: v' => in_axis i x /\ in_box box' v'
  | _, _ => False
  end.

Fixpoint cut_at (a : Q) (splits : list Q) (b : Q) : list stratum :=
  match splits with
  | [] => [Inside a b]
  | s :: splits' => Inside a s :: At s :: cut_at s splits' b
  end.

Definition strata (i : axis) : list stratum :=
  (if low_in i then [At (low i)] else []) ++ (if high_in i then [At (high i)] else []) ++
  cut_at (low i) (cuts i) (high i).

(** The pieces and the split points cover the open interval. *)
Lemma cut_at_covers : forall splits a b x, QR a < x < QR b ->
  exists s, In s (cut_at a splits b) /\ in_stratum s x.
Proof.
  induction splits as [|q splits IH]; intros a b x Hx; cbn [cut_at].
  - exists (Inside a b); split; [left; reflexivity|exact Hx].
  - destruct (Rtotal_order x (QR q)) as [L|[E|G]].
    + exists (Inside a q); split; [left; reflexivity|simpl; lra].
    + exists (At q); split; [right; left; reflexivity|exact E].
    + destruct (IH q b x ltac:(lra)) as [s [Hs Hin]]; exists s; split; [right; right|]; assumption.
Qed.

(** The strata cover the interval with the ends that belong to it. *)
Lemma strata_cover : forall i x, in_axis i x -> exists s, In s (strata i) /\ in_stratum s x.
Proof.
  intros [a l b r cs] x [Ha Hb]; unfold strata; cbn [low low_in high high_in cuts] in *.
  destruct (Req_dec x (QR a)) as [Ea|Na].
  - destruct l; [|lra]; exists (At a); split; [apply in_or_app; left; left; reflexivity|exact Ea].
  - destruct (Req_dec x (QR b)) as [Eb|Nb].
    + destruct r; [|lra]; exists (At b); split; [|exact Eb].
      apply in_or_app; right; apply in_or_app; left; left; reflexivity.
    + destruct (cut_at_covers cs a b x) as [s [Hs Hin]]; [destruct l, r; lra|].
      exists s; split; [|exact Hin]; apply in_or_app; right; apply in_or_app; right; exact Hs.
Qed.

Fixpoint choices {A : Type} (axes : list (list A)) : list (list A) :=
  match axes with
  | [] => [[]]
  | ss :: axes' => flat_map (fun s => map (cons s) (choices axes')) ss
  end.

(** Every point of the box lies in a product of strata. *)
Lemma choices_cover : forall box v, in_box box v ->
  exists ss, In ss (choices (map strata box)) /\ in_strata ss v.
Proof.
  induction box as [|i box IH]; intros [|x v] H; try contradiction.
  - exists []; split; [left; reflexivity|exact I].
  - destruct H as [Hx Hv]; destruct (strata_cover i x Hx) as [s [Hs Hin]].
    destruct (IH v Hv) as [ss [Hss Hins]]; exists (s :: ss); split; [|split; assumption].
    apply in_flat_map; exists s; split; [exact Hs|apply in_map, Hss].
Qed.

(** ** The rule *)

(** The polynomial on each stratum passes the test of its coefficients. *)
Definition on_strata {n : nat} (good : list Z -> bool) (box : list axis) (p : fraction n) : bool :=
  forallb (fun ss => good (leaves n (num p) ss)) (choices (map strata box)).

(** What the test says of a stratum holds at every point of the box. *)
Lemma on_strata_sound : forall n good box (p : fraction n), on_strata good box p = true ->
  forall v, in_box box v -> exists ss, good (leaves n (num p) ss) = true /\ in_strata ss v.
Proof.
  intros n good box p H v Hv; destruct (choices_cover box v Hv) as [ss [Hss Hin]].
  unfold on_strata in H; rewrite forallb_forall in H; exists ss; split; [apply H|]; assumption.
Qed.

Definition nonnegative_on {n : nat} : list axis -> fraction n -> bool := on_strata (forallb (Z.leb 0)).
Definition positive_on {n : nat} : list axis -> fraction n -> bool :=
  on_strata (fun l => forallb (Z.leb 0) l && existsb (Z.ltb 0) l).

(** THE RULE on a box, ≥ 0: what is computed implies what is meant. *)
Theorem nonnegative_on_sound : forall n box (p : fraction n), nonnegative_on box p = true ->
  forall v, in_box box v -> 0 <= fvalue p v.
Proof.
  intros n box p H v Hv; destruct (on_strata_sound _ _ _ _ H v Hv) as [ss [Hss Hin]].
  apply Rmult_le_pos; [apply (leaves_nonnegative n _ ss)|apply Rlt_le, Rinv_0_lt_compat]; auto.
Qed.

(** THE RULE on a box, > 0. *)
Theorem positive_on_sound : forall n box (p : fraction n), positive_on box p = true ->
  forall v, in_box box v -> 0 < fvalue p v.
Proof.
  intros n box p H v Hv; destruct (on_strata_sound _ _ _ _ H v Hv) as [ss [Hss Hin]].
  apply andb_true_iff in Hss as [H0 P].
  apply Rdiv_lt_0_compat; [apply (leaves_positive n _ ss)|]; auto.
Qed.
