(** * Reading JSON values

    An object has the keys of its place and no others, a list has the length of
    its place, a rational is a string in lowest terms: so what is read has one
    reading. Each reader gives nothing where [check.py] refuses. *)

From Coq Require Import ZArith QArith List Bool.
From MuonTheory Require Import Polynomial Schedule Several Box Monomials Json.
Import ListNotations.
Local Open Scope piece_scope.
Local Open Scope nat_scope.

Notation "'let?' p := e 'in' f" := (match e with Some p => f | None => None end)
  (at level 200, p pattern, f at level 200, right associativity).
Notation "'want' e 'in' f" := (if e then f else None) (at level 200, f at level 200, right associativity).

Definition is (s : list byte) (word : piece) : bool := same s (bytes_of word).

(** ** Lists and objects *)

Fixpoint all_some {A B : Type} (read : A -> option B) (l : list A) : option (list B) :=
  match l with
  | [] => Some []
  | a :: l' => let? b := read a in let? bs := all_some read l' in Some (b :: bs)
  end.

Definition array (j : json) : option (list json) := match j with Array l => Some l | _ => None end.
Definition each {B : Type} (read : json -> option B) (j : json) : option (list B) :=
  let? l := array j in all_some read l.
Definition so_many {B : Type} (count : nat) (read : json -> option B) (j : json) : option (list B) :=
  let? l := array j in want Nat.eqb (length l) count in all_some read l.
Definition pair_of {B : Type} (read : json -> option B) (j : json) : option (B * B) :=
  match j with Array [a; b] => let? a := read a in let? b := read b in Some (a, b) | _ => None end.

Definition word (j : json) : option (list byte) := match j with String s => Some s | _ => None end.

Fixpoint lookup (key : piece) (entries : list (list byte * json)) : option json :=
  match entries with
  | [] => None
  | (k, v) :: rest => if is k key then Some v else lookup key rest
  end.
Definition has (key : piece) (j : json) : bool :=
  match j with Object entries => match lookup key entries with Some _ => true | None => false end | _ => false end.

(** The values of the required keys and of those of the optional ones that are there; there are no other keys. *)
Definition fields_or (required optional : list piece) (j : json) : option (list json * list json) :=
  match j with
  | Object entries =>
      want forallb (fun e => existsb (is (fst e)) (required ++ optional)) entries in
      let? values := all_some (fun k => lookup k entries) required in
      Some (values, flat_map (fun k => match lookup k entries with Some v => [v] | None => [] end) optional)
  | _ => None
  end.
Definition fields (required : list piece) (j : json) : option (list json) := option_map fst (fields_or required [] j).

(** ** Numbers *)

Fixpoint digits (s : list byte) (value : Z) : Z * list byte :=
  match s with
  | b :: rest => match digit b with Some d => digits rest (10 * value + d)%Z | None => (value, s) end
  | [] => (value, [])
  end.

(** A natural number without leading zeros, and what follows it. *)
Definition natural (s : list byte) : option (Z * list byte) :=
  match s with
  | b :: rest => let? d := digit b in if Z.eqb d 0 then Some (0%Z, rest) else Some (digits rest d)
  | [] => None
  end.

Definition longest_rational : nat := 2000.

Definition rational (j : json) : option Q :=
  let? s := word j in
  want Nat.leb (length s) longest_rational in
  let (negative, s) := match s with ("-"%byte) :: rest => (true, rest) | _ => (false, s) end in
  let? (n, rest) := natural s in
  let n := if negative then (- n)%Z else n in
  match rest with
  | [] => want negb (negative && Z.eqb n 0) in Some (n # 1)%Q
  | ("/"%byte) :: rest =>
      match natural rest with
      | Some (Zpos d, []) => want negb (Pos.eqb d 1) && Z.eqb (Z.gcd n (Zpos d)) 1 in Some (n # d)%Q
      | _ => None
      end
  | _ => None
  end.

Definition rationals := each rational.

Definition interval_of (j : json) : option interval :=
  let? (lo, hi) := pair_of rational j in want Qle_bool lo hi in Some (lo, hi).

Definition integer (least most : Z) (j : json) : option nat :=
  match j with Integer z => want Z.leb least z && Z.leb z most in Some (Z.to_nat z) | _ => None end.
Definition count : json -> option nat := integer 1 64.

Definition boolean (j : json) : option bool := match j with Boolean b => Some b | _ => None end.

(** One entry for each step, or none at all. *)
Definition one_each {A : Type} (count : nat) (l : list A) : option (list (option A)) :=
  match l with
  | [] => Some (repeat None count)
  | _ => want Nat.eqb (length l) count in Some (map Some l)
  end.

(** ** Polynomials in parameters *)

Definition monomial_of (n : nat) (j : json) : option monomial :=
  match j with
  | Array [c; es] => let? c := rational c in let? es := so_many n (integer 0 64) es in Some (c, es)
  | _ => None
  end.

Definition equal_nats (a b : list nat) : bool := all2 Nat.eqb a b.

(** No two of the lists of n exponents are equal: those with the same first one differ in the others. *)
Fixpoint different (n : nat) (l : list (list nat)) : bool :=
  match l, n with
  | [], _ | [_], _ => true
  | _, O => false
  | _, S n' =>
      forallb (fun e => different n' (map (@tl nat) (filter (fun es => Nat.eqb (hd 0 es) e) l)))
        (seq 0 (S (list_max (map (hd 0) l))))
  end.

Definition polynomial_of (n : nat) (j : json) : option (list monomial) :=
  let? ms := each (monomial_of n) j in want different n (map snd ms) in Some ms.

(** (parameters, y) in the order (y, parameters). *)
Definition turned {A : Type} (l : list A) : list A := match rev l with [] => [] | y :: rest => y :: rev rest end.
Definition turned_polynomial (n : nat) (j : json) : option (list monomial) :=
  option_map (map (fun m => (fst m, turned (snd m)))) (polynomial_of (S n) j).

Definition is_zero (q : Q) : bool := Z.eqb (Qnum q) 0.
Definition vanishes (ms : list monomial) : bool := forallb (fun m => is_zero (fst m)) ms.

(** Without zeros, by exponents: equal polynomials are equal lists. *)
Fixpoint before (a b : list nat) : bool :=
  match a, b with x :: a', y :: b' => Nat.ltb x y || (Nat.eqb x y && before a' b') | _, _ => false end.
Fixpoint insert (m : monomial) (ms : list monomial) : list monomial :=
  match ms with [] => [m] | k :: rest => if before (snd k) (snd m) then k :: insert m rest else m :: ms end.
Definition normal (ms : list monomial) : list monomial :=
  fold_right insert [] (filter (fun m => negb (is_zero (fst m))) ms).
Definition equal_monomials (p q : list monomial) : bool :=
  all2 (fun a b => Qeq_bool (fst a) (fst b) && equal_nats (snd a) (snd b)) p q.

(** ** The subject *)

(** A row without zeros at its end; its first coefficient stays. *)
Fixpoint trimmed {A : Type} (zero : A -> bool) (l : list A) : list A :=
  match l with
  | [] => []
  | a :: rest => match trimmed zero rest with [] => if zero a then [] else [a] | rest' => a :: rest' end
  end.
Definition row_without {A : Type} (zero : A -> bool) (l : list A) : list A :=
  match l with [] => [] | a :: rest => a :: trimmed zero rest end.

Definition few {A : Type} (most : nat) (l : list A) : bool := negb (Nat.eqb (length l) 0) && Nat.leb (length l) most.

Definition rows_of {A : Type} (read : json -> option A) (zero : A -> bool) (j : json) : option (list (list A)) :=
  let? rows := each (each read) j in
  want few 64 rows && forallb (few 33) rows in Some (map (row_without zero) rows).

Fixpoint different_words (l : list (list byte)) : bool :=
  match l with [] => true | s :: rest => negb (existsb (same s) rest) && different_words rest end.
Definition parameters_of (j : json) : option nat :=
  let? names := each word j in want few 3 names && different_words names in Some (length names).

Definition closed_axis (i : interval) : axis := Axis (fst i) true (snd i) true [].
Definition open_axis (i : interval) : axis := Axis (fst i) false (snd i) false [].

Definition box_of (n : nat) (j : json) : option (list axis) := option_map (map closed_axis) (so_many n interval_of j).

Definition constant {A : Type} (equal : A -> A -> bool) (rows : list (list A)) : bool :=
  match rows with [] => false | r :: rest => forallb (all2 equal r) rest end.
