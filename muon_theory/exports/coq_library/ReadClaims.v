(** * Claims about steps, as they are read *)

From Coq Require Import ZArith QArith List Bool.
From MuonTheory Require Import Polynomial Schedule Chains Several Box Monomials Families Json Certificate Fields.
From MuonTheory Require Exceptions.
Import ListNotations.
Local Open Scope piece_scope.
Local Open Scope nat_scope.

(** ** Claims *)

(** How many values: not more, so that the number can be written one by one. *)
Definition most_exceptions : Z := 5000.
Definition exceptions_of : json -> option nat := integer 0 most_exceptions.

(** What each step of [all-but] is allowed. *)
Definition allowances (errors shares rests norms : list Q) : option (list Exceptions.allowance) :=
  let n := length errors in
  want Nat.eqb (length shares) (length rests) in
  let? relative := one_each n (combine shares rests) in
  let? norms := one_each n norms in
  Some (map (fun a => Exceptions.Allowance (fst (fst a)) (snd (fst a)) (snd a)) (combine (combine errors relative) norms)).
Definition has_shares (given : list Exceptions.allowance) : bool :=
  existsb (fun a => match Exceptions.relative a with Some _ => true | None => false end) given.

Definition if_any_interval (j : json) : option (option interval) :=
  match j with Null => Some None | _ => option_map Some (interval_of j) end.

Definition claim_of (j : json) : option claim :=
  let? kind := match j with Object entries => lookup "type" entries | _ => None end in
  let? kind := word kind in
  let ask (keys : list piece) := fields ("type" :: keys)%piece j in
  let is := is kind in
  if is "maps-into" then
    match ask ["start"; "target"] with
    | Some [_; i; k] => let? i := interval_of i in let? k := interval_of k in Some (MapsInto i k) | _ => None end
  else if is "attains" then
    match ask ["start"; "contains"] with
    | Some [_; i; k] => let? i := interval_of i in let? k := interval_of k in Some (Attains i k) | _ => None end
  else if is "robust-band" then
    match ask ["start"; "target"; "errors"] with
    | Some [_; i; k; es] =>
        let? i := interval_of i in let? k := interval_of k in let? es := rationals es in Some (RobustBand i k es)
    | _ => None end
  else if is "all-but" then
    match ask ["start"; "target"; "errors"; "shares"; "rests"; "norms"; "exceptions"] with
    | Some [_; i; k; es; ss; rs; ns; x] =>
        let? i := interval_of i in let? k := interval_of k in
        let? es := rationals es in let? ss := rationals ss in let? rs := rationals rs in let? ns := rationals ns in
        let? x := exceptions_of x in
        let? given := allowances es ss rs ns in Some (AllBut i k given x)
    | _ => None end
  else if is "sign-safe" then
    match ask ["upper"] with Some [_; u] => option_map SignSafe (rational u) | _ => None end
  else if is "slope" then
    match ask ["value"] with Some [_; v] => option_map Slope (rational v) | _ => None end
  else if is "flips" then
    match ask ["start"; "step"] with
    | Some [_; i; k] => let? i := interval_of i in let? k := count k in Some (Certificate.Flips i k) | _ => None end
  else if is "mean-square" then
    match ask ["interval"; "bounds"] with
    | Some [_; i; b] => let? i := interval_of i in let? b := interval_of b in Some (MeanSquare i b) | _ => None end
  else if is "ratio" then
    match ask ["interval"; "bounds"] with
    | Some [_; i; b] => let? i := interval_of i in let? b := interval_of b in Some (Ratio i b) | _ => None end
  else if is "moments" then
    match ask ["interval"; "measure"; "mean"; "square"; "variance"] with
    | Some [_; i; measure; m; s; v] =>
        let? i := interval_of i in
        let? measure := word measure in
        let? m := interval_of m in let? s := interval_of s in let? v := interval_of v in
        if Fields.is measure "uniform" then Some (Moments i false m s v)
        else if Fields.is measure "log-uniform" then Some (Moments i true m s v) else None
    | _ => None end
  else if is "fixes" then
    match ask ["point"] with Some [_; i] => option_map Fixes (interval_of i) | _ => None end
  else if is "attracts" then
    match ask ["point"] with Some [_; i] => option_map Attracts (interval_of i) | _ => None end
  else if is "repels" then
    match ask ["point"] with Some [_; i] => option_map Repels (interval_of i) | _ => None end
  else if is "converges" then
    match ask ["point"; "upper"] with
    | Some [_; i; u] => let? i := interval_of i in let? u := rational u in Some (Converges i u) | _ => None end
  else if is "escapes" then
    match ask ["start"] with Some [_; i] => option_map Certificate.Escapes (interval_of i) | _ => None end
  else if is "cycles" then
    match ask ["intervals"] with Some [_; is] => option_map Cycles (each interval_of is) | _ => None end
  else if is "minimax" then
    match ask ["degree"; "interval"; "error"] with
    | Some [_; d; i; e] =>
        let? d := count d in let? i := interval_of i in let? e := rational e in Some (Minimax d i e)
    | _ => None end
  else if is "composition-bound" then
    match ask ["degrees"; "interval"; "error"] with
    | Some [_; ds; i; e] =>
        let? ds := each count ds in let? i := interval_of i in let? e := rational e in Some (CompositionBound ds i e)
    | _ => None end
  else if is "noisy-composition-bound" then
    match ask ["degrees"; "interval"; "errors"; "error"] with
    | Some [_; ds; i; es; e] =>
        let? ds := each count ds in let? i := interval_of i in let? es := rationals es in let? e := rational e in
        Some (NoisyCompositionBound ds i es e)
    | _ => None end
  else if is "constant-bound" then
    match ask ["degree"; "steps"; "lower"; "error"; "range"; "slope"; "multiplier"] with
    | Some [_; d; t; l; e; range; slope; multiplier] =>
        let? d := count d in let? t := count t in let? l := rational l in let? e := rational e in
        let? range := if_any_interval range in let? slope := if_any_interval slope in
        let? multiplier := if_any_interval multiplier in
        Some (ConstantBound d t l e range slope multiplier)
    | _ => None end
  else None.

(** Claims that members of a family in a box may make, and claims about one map repeated. *)
Definition about_members (c : claim) : bool :=
  match c with MapsInto _ _ | SignSafe _ | Certificate.Flips _ _ | Certificate.Escapes _ | Cycles _ => true | _ => false end.
Definition about_one_map (c : claim) : bool :=
  match c with
  | Fixes _ | Attracts _ | Repels _ | Converges _ _ | Certificate.Escapes _ | Cycles _ => true
  | _ => false
  end.
