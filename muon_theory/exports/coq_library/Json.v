(** * JSON texts

    A text is a list of pieces, each a string literal with the bytes of a file
    as they are: a single literal of many thousand characters overflows Coq's
    stack. [parse] reads it as [check.py] reads a file: one pass over the bytes
    with a stack of what is open, so that the recursion is on the text itself.
    UTF-8 is checked, escapes are decoded, an object has no key twice, and a
    number is an integer. *)

From Coq Require Import NArith ZArith List Bool.
From Coq Require Export Init.Byte.
From Coq Require Strings.Byte.
Import ListNotations.

(** ** Texts *)

Inductive piece := Piece (bytes : list byte).
Definition piece_of (bytes : list byte) : piece := Piece bytes.
Definition bytes_of (p : piece) : list byte := match p with Piece bytes => bytes end.

Declare Scope piece_scope.
Delimit Scope piece_scope with piece.
Bind Scope piece_scope with piece.
String Notation piece piece_of bytes_of : piece_scope.

Definition text := list piece.

(** ** Values *)

Inductive json :=
| Null
| Boolean (b : bool)
| Integer (z : Z)
| String (s : list byte)
| Array (items : list json)
| Object (entries : list (list byte * json)).

Fixpoint same (s t : list byte) : bool :=
  match s, t with
  | [], [] => true
  | a :: s', b :: t' => Byte.eqb a b && same s' t'
  | _, _ => false
  end.

(** No key occurs twice. *)
Fixpoint distinct (entries : list (list byte * json)) : bool :=
  match entries with
  | [] => true
  | (k, _) :: rest => negb (existsb (fun e => same k (fst e)) rest) && distinct rest
  end.

(** ** Characters *)

Definition is_space (b : byte) : bool :=
  match b with x20 | x09 | x0a | x0d => true | _ => false end.

Definition digit (b : byte) : option Z :=
  match b with
  | "0" => Some 0 | "1" => Some 1 | "2" => Some 2 | "3" => Some 3 | "4" => Some 4
  | "5" => Some 5 | "6" => Some 6 | "7" => Some 7 | "8" => Some 8 | "9" => Some 9
  | _ => None
  end%byte%Z.

Definition hexadecimal (b : byte) : option N :=
  match b with
  | "0" => Some 0 | "1" => Some 1 | "2" => Some 2 | "3" => Some 3 | "4" => Some 4
  | "5" => Some 5 | "6" => Some 6 | "7" => Some 7 | "8" => Some 8 | "9" => Some 9
  | "a" | "A" => Some 10 | "b" | "B" => Some 11 | "c" | "C" => Some 12
  | "d" | "D" => Some 13 | "e" | "E" => Some 14 | "f" | "F" => Some 15
  | _ => None
  end%byte%N.

Definition between (lo b hi : byte) : bool := (Byte.to_N lo <=? Byte.to_N b)%N && (Byte.to_N b <=? Byte.to_N hi)%N.

(** The byte of a number below 256. *)
Definition byte_of (n : N) : byte := match Byte.of_N n with Some b => b | None => x00 end.

(** The bytes of a code point, last byte first; halves of a pair are written alone. *)
Definition encoded (c : N) : list byte :=
  let low n := byte_of (128 + n mod 64) in
  (if c <? 128 then [byte_of c]
   else if c <? 2048 then [low c; byte_of (192 + c / 64)]
   else if c <? 65536 then [low c; low (c / 64); byte_of (224 + c / 4096)]
   else [low c; low (c / 64); low (c / 4096); byte_of (240 + c / 262144)])%N.

(** The escape \uXXXX after what was read, last byte first. The second half of a
    pair joins the first one: three bytes xed xa? x?? that no UTF-8 text has. *)
Definition with_escape (read : list byte) (c : N) : list byte :=
  match read with
  | l :: m :: xed :: before =>
      if ((56320 <=? c) && (c <? 57344))%N && between xa0 m xaf
      then encoded (65536 + (Byte.to_N m - 160) * 65536 + (Byte.to_N l - 128) * 1024 + (c - 56320))%N ++ before
      else encoded c ++ read
  | _ => encoded c ++ read
  end.

(** ** The reader *)

(** What is open: a list, or an object with the key whose value is being read. *)
Inductive frame := Items (before : list json) | Entries (before : list (list byte * json)) (key : list byte).

Inductive mode :=
| Value                                              (* a value begins here *)
| FirstItem | FirstKey                               (* the same, or the list or object ends *)
| NextKey | Colon | Next
| Quoted (key : bool) (read : list byte)
| Escape (key : bool) (read : list byte)
| Unicode (key : bool) (read : list byte) (count : nat) (code : N)
| Continued (key : bool) (read : list byte) (lo hi : byte) (count : nat)
| Minus
| Digits (negative zero : bool) (value : Z) (count : nat)
| Word (rest : list byte) (value : json)
| Done (value : json).

Definition state := (list frame * mode)%type.

(** A value is complete. *)
Definition put (open : list frame) (v : json) : state :=
  match open with
  | [] => ([], Done v)
  | Items before :: more => (Items (v :: before) :: more, Next)
  | Entries before k :: more => (Entries ((k, v) :: before) [] :: more, Next)
  end.

(** A list or an object ends. *)
Definition close (open : list frame) (b : byte) : option state :=
  match open, b with
  | Items before :: more, "]" => Some (put more (Array (rev before)))
  | Entries before _ :: more, "}" => if distinct before then Some (put more (Object (rev before))) else None
  | _, _ => None
  end%byte.

(** Integers longer than this are refused. *)
Definition most_digits : nat := 4300.

Definition begin (open : list frame) (b : byte) : option state :=
  match b with
  | "{" => Some (Entries [] [] :: open, FirstKey)
  | "[" => Some (Items [] :: open, FirstItem)
  | x22 => Some (open, Quoted false [])
  | "t" => Some (open, Word ["r"; "u"; "e"] (Boolean true))
  | "f" => Some (open, Word ["a"; "l"; "s"; "e"] (Boolean false))
  | "n" => Some (open, Word ["u"; "l"; "l"] Null)
  | "-" => Some (open, Minus)
  | _ => match digit b with Some d => Some (open, Digits false (Z.eqb d 0) d most_digits) | None => None end
  end%byte.

(** After a value. *)
Definition next (open : list frame) (b : byte) : option state :=
  if is_space b then Some (open, Next)
  else match b, open with
       | ",", Items _ :: _ => Some (open, Value)
       | ",", Entries _ _ :: _ => Some (open, NextKey)
       | _, _ => close open b
       end%byte.

(** After a value, whatever is open. *)
Definition after (s : state) (b : byte) : option state :=
  match s with
  | (open, Next) => next open b
  | (_, Done _) => if is_space b then Some s else None
  | _ => None
  end.

(** One byte of a string. *)
Definition quoted (open : list frame) (key : bool) (read : list byte) (b : byte) : option state :=
  match b with
  | x22 =>
      if key then match open with
                  | Entries before _ :: more => Some (Entries before (rev read) :: more, Colon)
                  | _ => None
                  end
      else Some (put open (String (rev read)))
  | "\" => Some (open, Escape key read)
  | xe0 => Some (open, Continued key (b :: read) xa0 xbf 1)
  | xed => Some (open, Continued key (b :: read) x80 x9f 1)
  | xf0 => Some (open, Continued key (b :: read) x90 xbf 2)
  | xf4 => Some (open, Continued key (b :: read) x80 x8f 2)
  | _ =>
      if between x20 b x7f then Some (open, Quoted key (b :: read))
      else if between xc2 b xdf then Some (open, Continued key (b :: read) x80 xbf 0)
      else if between xe1 b xef then Some (open, Continued key (b :: read) x80 xbf 1)
      else if between xf1 b xf3 then Some (open, Continued key (b :: read) x80 xbf 2)
      else None
  end%byte.

Definition advance (s : state) (b : byte) : option state :=
  let (open, m) := s in
  match m with
  | Value => if is_space b then Some s else begin open b
  | FirstItem =>
      if is_space b then Some s
      else match b with "]"%byte => close open b | _ => begin open b end
  | FirstKey =>
      if is_space b then Some s
      else match b with x22 => Some (open, Quoted true []) | _ => close open b end
  | NextKey =>
      if is_space b then Some s
      else match b with x22 => Some (open, Quoted true []) | _ => None end
  | Colon =>
      if is_space b then Some s
      else match b with ":"%byte => Some (open, Value) | _ => None end
  | Next | Done _ => after s b
  | Quoted key read => quoted open key read b
  | Escape key read =>
      let found c := Some (open, Quoted key (c :: read)) in
      match b with
      | x22 | "\" | "/" => found b
      | "b" => found x08 | "f" => found x0c | "n" => found x0a | "r" => found x0d | "t" => found x09
      | "u" => Some (open, Unicode key read 3 0)
      | _ => None
      end%byte
  | Unicode key read count code =>
      match hexadecimal b with
      | None => None
      | Some d =>
          let code := (16 * code + d)%N in
          match count with
          | O => Some (open, Quoted key (with_escape read code))
          | S count => Some (open, Unicode key read count code)
          end
      end
  | Continued key read lo hi count =>
      if between lo b hi
      then Some (open, match count with
                       | O => Quoted key (b :: read)
                       | S count => Continued key (b :: read) x80 xbf count
                       end)
      else None
  | Minus => match digit b with Some d => Some (open, Digits true (Z.eqb d 0) d most_digits) | None => None end
  | Digits negative zero value count =>
      match digit b, count with
      | Some d, S (S count) => if zero then None else Some (open, Digits negative false (10 * value + d)%Z (S count))
      | Some _, _ => None
      | None, _ => after (put open (Integer (if negative then - value else value)%Z)) b
      end
  | Word rest v =>
      match rest with
      | [c] => if Byte.eqb b c then Some (put open v) else None
      | c :: rest => if Byte.eqb b c then Some (open, Word rest v) else None
      | [] => None
      end
  end.

Fixpoint run_bytes (bytes : list byte) (s : state) : option state :=
  match bytes with
  | [] => Some s
  | b :: rest => match advance s b with Some s' => run_bytes rest s' | None => None end
  end.

Fixpoint run_text (t : text) (s : state) : option state :=
  match t with
  | [] => Some s
  | p :: rest => match run_bytes (bytes_of p) s with Some s' => run_text rest s' | None => None end
  end.

(** The value of a whole text. *)
Definition parse (t : text) : option json :=
  match run_text t ([], Value) with
  | Some (_, Done v) => Some v
  | Some ([], Digits negative _ value _) => Some (Integer (if negative then - value else value)%Z)
  | _ => None
  end.
