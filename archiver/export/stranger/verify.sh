#!/usr/bin/env bash
# Checks a bundle of archiver with bash (4 or newer), coreutils and openssl (3 or newer), without any network.
#
#     bash verify.sh [--key FINGERPRINT] [--roots FILE] [FOLDER]
#
# FINGERPRINT is the archive's, told to you on another way than this bundle. FILE holds the root certificates (PEM) of
# the time-stamping authorities that you trust, had from them. FOLDER is the bundle; by default the one that this file
# lies in. Whoever can change the bundle can change this file too: take it from another place if you can.
# Ends with 0: all holds, and the key is the one you named; 2: all holds, and you named no key; 1: something does not.
set -uo pipefail
export LC_ALL=C
shopt -s dotglob nullglob globstar

faults=0
told() { printf '%s\n' "${*//[^[:print:]]/?}"; } # what a bundle says may hold anything; only plain characters are shown
fault() { told "WRONG: $*"; faults=$((faults + 1)); }
stop() { told "WRONG: $*"; told 'Nothing is proved.'; exit 1; }

wanted='' roots='' folder=${BASH_SOURCE[0]%/*}
[ "$folder" != "${BASH_SOURCE[0]}" ] || folder=.
while (($#)); do
    case $1 in
    --key) wanted=${2-}; [[ $wanted =~ ^[0-9a-f]{64}$ ]] || stop 'a fingerprint has 64 digits, 0-9 and a-f'; shift 2 ;;
    --roots)
        [ -r "${2-}" ] || stop 'no file of root certificates'
        roots=$2; [[ $roots = /* ]] || roots=$PWD/$roots
        shift 2 ;;
    -*) stop "no such option: $1" ;;
    *) folder=$1; shift ;;
    esac
done
cd -- "$folder" || stop "no folder $folder"
for tool in openssl sha256sum base64 tail od tr date cat mktemp; do
    command -v "$tool" >/dev/null || stop "$tool is missing on this machine"
done
scratch=$(mktemp -d) || stop 'no room for temporary files'
trap 'rm -rf -- "$scratch"' EXIT

# bytes HEX: writes the bytes (of anything else: words that hash to nothing true).   sha256: the digest of what comes in, into $digest.
bytes() {
    local i out=''
    [[ $1 =~ ^([0-9a-f][0-9a-f])*$ ]] || { printf 'not hexadecimal'; return; }
    for ((i = 0; i < ${#1}; i += 2)); do out+="\\x${1:i:2}"; done
    printf "$out"
}
sha256() { digest=$(sha256sum) && digest=${digest%% *}; }
# node LEFT RIGHT: the hash of a node of the tree (RFC 6962), into $digest; many proofs share their upper nodes.
declare -A nodes=()
node() {
    digest=${nodes[$1$2]-}
    [ -n "$digest" ] || { digest=$(bytes "01$1$2" | sha256sum) && digest=${digest%% *} && nodes[$1$2]=$digest; }
}
# signed FILE SIGNATURE [KEY]: whether the archive's key signed the file, or an earlier one of its keys.
signed() { openssl pkeyutl -verify -pubin -inkey "${3:-data/key.pem}" -rawin -in "$1" -sigfile "$2" >/dev/null 2>&1; }
# checkpoint FILE: reads a head of the log (C2SP tlog-checkpoint) into $origin, $size and $root; whether the key signed it,
# or, of an earlier head, the key that was in force there.
checkpoint() {
    local line checked='' by
    { IFS= read -r origin && IFS= read -r size && IFS= read -r root; } <"$1" || return 1
    printf '%s\n%s\n%s\n' "$origin" "$size" "$root" >"$scratch/text"
    [[ $size =~ ^[1-9][0-9]{0,17}$ ]] || return 1
    while IFS= read -r line; do
        [[ $line == '— '"$origin "* ]] || continue
        base64 -d <<<"${line##* }" 2>/dev/null | tail -c +5 >"$scratch/signature"
        signed "$scratch/text" "$scratch/signature" && ((size >= ${from[$key]:-0})) && checked=1
        for by in "${!before[@]}"; do
            ((size >= ${from[$by]} && size < ${before[$by]})) &&
                signed "$scratch/text" "$scratch/signature" "data/keys/$by.pem" && checked=1
        done
    done <"$1"
    root=$(base64 -d <<<"$root" 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
    [ -n "$checked" ] && [[ $root =~ ^$hash$ ]]
}
# grew SIZE ROOT: whether the log of $size and $root begins with that one, by the hashes in $proof (RFC 9162, 2.1.4.2).
grew() {
    local place=$(($1 - 1)) last=$((size - 1)) old='' new='' step hashes=("${proof[@]}")
    if (($1 == size)); then ((${#proof[@]} == 0)) && [ "$2" = "$root" ]; return; fi
    (($1 < size)) || return 1
    (($1 & ($1 - 1))) || hashes=("$2" "${hashes[@]}")
    ((${#hashes[@]})) || return 1
    while ((place & 1)); do place=$((place >> 1)) last=$((last >> 1)); done
    old=${hashes[0]} new=$old
    for step in "${hashes[@]:1}"; do
        ((last)) || return 1
        if ((place & 1 || place == last)); then
            node "$step" "$old"; old=$digest
            node "$step" "$new"; new=$digest
            while ((place && !(place & 1))); do place=$((place >> 1)) last=$((last >> 1)); done
        else
            node "$new" "$step"; new=$digest
        fi
        place=$((place >> 1)) last=$((last >> 1))
    done
    ((!last)) && [ "$old" = "$2" ] && [ "$new" = "$root" ]
}
# token BASE DATA ROOTS: whether BASE.tsr is a time stamp over the file DATA that leads to one of these roots.
token() {
    local word
    for word in -queryfile -data; do # the first has the nonce that was asked with, the second the bytes themselves
        openssl ts -verify -partial_chain -attime "$seconds" -CAfile "$3" -untrusted "$1.pem" -in "$1.tsr" \
            "$word" "$([ "$word" = -data ] && echo "$2" || echo "$1.tsq")" >/dev/null 2>&1 || return 1
    done
}
# certificate FILE: the digest of its first certificate.
certificate() { openssl x509 -in "$1" -outform DER 2>/dev/null | sha256sum; }
# unrevoked_by BASE HOW: whether the lists in BASE.crl held at the stamp's time, and have none of its certificates.
unrevoked_by() {
    local at
    for at in "$seconds" "$((seconds + 60))"; do # a list may be a little younger than the token
        answer=$(openssl verify -partial_chain "$2" -attime "$at" -purpose timestampsign -CAfile "$scratch/root" \
            -untrusted "$1.pem" -CRLfile "$1.crl" "$1.pem" 2>&1) && return
    done
    return 1
}
# stamp BASE DATA WHAT: checks a time stamp (RFC 3161) with all that lies beside it, at its own time, and tells of it.
stamp() {
    local base=$1 name=${1##*/} line last='' whose checked='' answer=''
    whose=${name#stamped.} whose=${whose%%.*}
    [ -f "$base.tsr" ] && [ -f "$base.tsq" ] && [ -f "$base.pem" ] || { fault "$base is no whole time stamp"; return 1; }
    time=$(openssl ts -reply -in "$base.tsr" -text 2>/dev/null | while IFS= read -r line; do
        [[ $line =~ ^'Time stamp: '([A-Z][a-z][a-z]' '+[0-9]+' '[0-9:]+)(\.[0-9]+)?' '([0-9]{4})' GMT'$ ]] &&
            echo "${BASH_REMATCH[1]} ${BASH_REMATCH[3]}"
    done)
    seconds=$(date -u -d "$time UTC" +%s 2>/dev/null) && [ -n "$time" ] || { fault "$base.tsr is no time stamp"; return 1; }
    time=$(date -u -d "@$seconds" '+%Y-%m-%d %H:%M:%S UTC')
    while IFS= read -r line; do
        [ "$line" != '-----BEGIN CERTIFICATE-----' ] || last=''
        last+=$line$'\n'
    done <"$base.pem"
    printf '%s' "$last" >"$scratch/root" # the chain runs from the signer to the root
    root_of=$(certificate "$scratch/root")
    token "$base" "$2" "$scratch/root" || { fault "$base does not hold: it is no time stamp over $2"; return 1; }
    # The first certificate must be the one that signed the token, or another one would be looked up among the revoked.
    : >"$scratch/signer"
    openssl ts -reply -in "$base.tsr" -token_out -out "$scratch/token" >/dev/null 2>&1
    openssl cms -verify -inform DER -in "$scratch/token" -noverify -certfile "$base.pem" -signer "$scratch/signer" \
        -out /dev/null >/dev/null 2>&1
    [ -s "$scratch/signer" ] && [ "$(certificate "$base.pem")" = "$(certificate "$scratch/signer")" ] ||
        { fault "$base.pem does not begin with the certificate of the signer"; return 1; }
    if [ -f "$base.crl" ]; then
        unrevoked_by "$base" -crl_check_all && checked=all
        [ -n "$checked" ] || { unrevoked_by "$base" -crl_check && checked=signer; }
        [[ -z $checked && $answer == *'unable to get certificate CRL'* && $answer != *revoked* ]] && checked=none
        [ "$checked" = all ] || unrevoked+=("$name")
        [ -n "$checked" ] || { fault "$base.crl: it is no list that held then, or the certificate was revoked"; return 1; }
    else
        unrevoked+=("$name")
    fi
    if [ -n "$roots" ] && token "$base" "$2" "$roots"; then
        bounded+=("$3 existed at $time, as $whose says, whose root you named.")
    else
        unnamed+=("$3 existed at $time, as $whose would say," "  whose root is ${root_of%% *}")
        return 1
    fi
}
hash='[0-9a-f]{64}' key=''
declare -A from=() before=() # from which event on, and before which, each key was in force

# 1. Every file is listed, and is what the lists say (BagIt: RFC 8493).
[ -f data/key.pem ] && [ -f files.sha256 ] && [ -f data/checkpoint.txt ] || stop 'this is no whole bundle'
declare -A listed=([files.sha256]=1 [files.sha256.sig]=1 [tagmanifest-sha256.txt]=1)
declare -A about=() held=() last_of=()
stamping=''
while IFS= read -r line; do
    if [[ $line =~ ^'# '([a-z]+)' '(.*)$ ]]; then
        word=${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]}
        if [[ $word = item && $rest =~ ^[0-9a-f]{64}$ ]]; then held[$rest]=''
        elif [[ $word = newest && $rest =~ ^([0-9a-f]{64})' '(0|[1-9][0-9]{0,11})' '([1-9][0-9]{0,17})$ ]]; then
            last_of[${BASH_REMATCH[1]}]="${BASH_REMATCH[2]} ${BASH_REMATCH[3]}"
        elif [[ $word = stamping && $rest =~ ^[a-z0-9-]+$ ]]; then stamping+=" $rest"
        else about[$word]=$rest; fi
    elif [[ $line =~ ^[0-9a-f]{64}'  '([A-Za-z0-9_./-]+)$ && ${BASH_REMATCH[1]} != *..* && ${BASH_REMATCH[1]} != /* ]]; then
        listed[${BASH_REMATCH[1]}]=1
    elif [ "$line" != '# archiver-files-1' ]; then
        fault "files.sha256 has a line that is none of its own: $line"
    fi
done <files.sha256
files=0
for path in **; do
    [ ! -L "$path" ] || stop "$path is a link, and no file" # it could lead out of here, or to what never ends
    [ -d "$path" ] && continue
    [ -f "$path" ] || stop "$path is no regular file"
    if [[ $path =~ ^stamped\.[a-z0-9-]+\.(tsr|tsq|pem|crl|ocsp)$ && -f $path ]]; then
        [ -f "${path%.*}.tsr" ] || fault "$path belongs to no time stamp"
        continue # made after the list; section 9 takes it for a good time stamp over it, or for a fault
    fi
    [ -f "$path" ] && [ -n "${listed[$path]-}" ] || fault "$path is in no list"
    files=$((files + 1))
done
for list in manifest-sha256.txt tagmanifest-sha256.txt; do
    declare -A named=()
    [ -f "$list" ] || { fault "$list is missing"; continue; }
    while IFS= read -r line || [ -n "$line" ]; do
        [[ $line =~ ^[0-9a-f]{64}'  '([A-Za-z0-9_./-]+)$ && -n ${listed[${BASH_REMATCH[1]}]-} ]] ||
            stop "$list has a line that is none of its own: $line"
        named[${BASH_REMATCH[1]}]=1
    done <"$list"
    for path in "${!listed[@]}"; do
        of=tagmanifest-sha256.txt
        [[ $path != data/* ]] || of=manifest-sha256.txt
        [ "$list" != "$of" ] || [ "$path" = "$list" ] || [ -n "${named[$path]-}" ] || fault "$list does not name $path"
    done
done
for list in files.sha256 manifest-sha256.txt tagmanifest-sha256.txt; do
    sha256sum --check --strict --quiet -- "$list" >"$scratch/answer" 2>&1 ||
        while IFS= read -r line; do fault "$list: $line"; done <"$scratch/answer"
done
[ -f bagit.txt ] && [ "$(<bagit.txt)" = $'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8' ] || fault 'bagit.txt is another'

# 2. Whose key it is. That the key is the archive's, nothing in a bundle can prove.
digest=$(openssl pkey -pubin -in data/key.pem -outform DER 2>/dev/null | tail -c 32 | sha256sum)
key=${digest%% *}
[ "$key" = "${about[key]-}" ] || fault 'the list of files names another key'

# 3. The list of files is signed.
signed files.sha256 files.sha256.sig || fault 'the signature of files.sha256 is not by this key'

# 4. The checkpoint, the head of the log, is signed (C2SP tlog-checkpoint).
checkpoint data/checkpoint.txt || fault 'the signature of data/checkpoint.txt is not by this key'
[[ $size =~ ^[1-9][0-9]{0,17}$ ]] || stop 'the checkpoint has no size'
log=${origin//\\/\\\\} log=\"${log//\"/\\\"}\"
[ "$size" = "${about[checkpoint]-}" ] && [ "$log" = "${about[log]-}" ] || fault 'the list of files names another checkpoint'

# 5. Where the archive exchanged its key: each one signed that it gives way to the next, which signed that it takes over.
#    From which event on, and before which, each was in force, is in from[] and before[].
whole='^(0|[1-9][0-9]{0,11})$' newest=$key doubtful=''
from=([$key]=0)
if [ -f data/keys.txt ]; then
    from=() newest=''
    while read -r word place old new endorsement possession; do
        if [[ $word = archiver-keys-1 && -z $place ]]; then
            continue
        elif [[ $word = first && -z $newest && $place =~ ^$hash$ ]]; then
            newest=$place from[$place]=0
        elif [[ $word = rotation && $place =~ $whole && -n $newest && $old = "$newest" && $new =~ ^$hash$ && -z ${from[$new]-} ]] &&
            ((place >= ${from[$old]})); then
            printf 'archiver-key-rotation-1\nlog %s\nevent %s\nold %s\nnew %s\n' "$origin" "$place" "$old" "$new" >"$scratch/text"
            for by in "$old $endorsement" "$new $possession"; do
                base64 -d <<<"${by#* }" >"$scratch/signature" 2>/dev/null
                signed "$scratch/text" "$scratch/signature" "data/keys/${by% *}.pem" ||
                    fault "data/keys.txt: the key ${by% *} did not sign that the key is exchanged at event $place"
            done
            newest=$new from[$new]=$((place + 1)) before[$old]=$((place + 1))
        elif [[ $word = doubtful && $place =~ $whole && $old =~ $whole ]]; then
            doubtful+=" $place-$old"
        else
            fault 'data/keys.txt has a line that is none of its own, or out of its order'
        fi
    done <data/keys.txt
    for by in "${!from[@]}"; do
        digest=$(openssl pkey -pubin -in "data/keys/$by.pem" -outform DER 2>/dev/null | tail -c 32 | sha256sum)
        [ "${digest%% *}" = "$by" ] || fault "data/keys/$by.pem is another key than its name says"
    done
    [ "$newest" = "$key" ] || fault 'data/key.pem is not the key that data/keys.txt leads to'
    ((size >= ${from[$key]:-0})) || fault 'the checkpoint is older than the key that signed it'
fi
[ -z "$wanted" ] || [ -n "${from[$wanted]-}" ] || fault "the bundle is signed by ANOTHER KEY: $key"

# 6. Each event: its leaf, its signature, its fields, and that it stands in the log (RFC 6962) at its place.
text='"([^"\\]|\\.)*"'
shape='^\{"actor":'$text',"commitment":"('$hash')","format":"archiver-event-1","key":"('$hash')","kind":"([a-z-]+)","log":('$text')'
shape+=',"previous":(null|"'$hash'"),"sequence":([0-9]+),"subject":"('$hash')","time":'$text',"tool":'$text'\}$'
name_of_field='^[a-z][a-z0-9_]*$'
declare -A leaf_at=() place_of=() subject_of=() previous_of=() taken_in=()
events=0 opened=0 sealed=0 erased=0 shown=0 hidden=0
for file in data/events/*; do
    events=$((events + 1)) place='' leaf='' envelope='' signature='' digests='' gone='' proof=()
    { IFS= read -r line && [ "$line" = archiver-event-file-1 ] || fault "$file is no event"
      while read -r word rest || [ -n "$word" ]; do
        case $word in
        place | leaf | envelope | signature)
            [ -z "${!word}" ] || fault "$file says twice what its $word is"
            printf -v "$word" '%s' "$rest" ;;
        proof) proof+=("$rest") ;;
        erased) gone=1 ;;
        hidden)
            [[ ${rest% *} =~ $name_of_field ]] || fault "$file has a field without a name"
            digests+=",\"${rest% *}\":\"${rest##* }\"" hidden=$((hidden + 1)) ;;
        shown)
            field=${rest%% *} rest=${rest#* }
            [[ $field =~ $name_of_field ]] || fault "$file has a field without a name"
            [[ $rest =~ ^$hash' ' ]] || fault "$file: the field $field has no salt"
            { bytes "${rest%% *}"; printf '%s' "${rest#* }"; } >"$scratch/field"
            sha256 <"$scratch/field"
            digests+=",\"$field\":\"$digest\"" shown=$((shown + 1)) ;;
        *) fault "$file has a line that is none of its own: $word" ;;
        esac
      done; } <"$file"
    [[ $place =~ ^(0|[1-9][0-9]{0,11})$ && $leaf =~ ^$hash$ ]] || { fault "$file has no place or no leaf"; continue; }
    [ "$file" = "$(printf 'data/events/%012d.txt' "$place")" ] || fault "$file is not the event that its name says"
    leaf_at[$place]=$leaf place_of[$leaf]=$place
    if [ -z "$envelope" ]; then
        sealed=$((sealed + 1))
        [ -z "$signature$digests$gone" ] || fault "$file is neither open nor sealed"
    elif [[ $envelope =~ $shape ]]; then
        commitment=${BASH_REMATCH[2]} by=${BASH_REMATCH[3]} kind=${BASH_REMATCH[4]} of=${BASH_REMATCH[5]}
        previous=${BASH_REMATCH[7]//\"/} sequence=${BASH_REMATCH[8]} subject=${BASH_REMATCH[9]} opened=$((opened + 1))
        [ "$of" = "$log" ] && [ -n "${from[$by]-}" ] || fault "$file is of another log, or by another key"
        ((place >= ${from[$by]:-0} && place < ${before[$by]:-place + 1})) || fault "$file: its key was not in force there"
        [ "$sequence" = "$place" ] || fault "$file stands at another place than its envelope says"
        printf '%s' "$envelope" >"$scratch/envelope"
        { printf '\0'; printf '%s' "$envelope"; } >"$scratch/field"
        sha256 <"$scratch/field"
        [ "$digest" = "$leaf" ] || fault "$file: the leaf is not that of the envelope"
        base64 -d <<<"$signature" >"$scratch/signature" 2>/dev/null
        pem=data/key.pem
        [ ! -f data/keys.txt ] || pem=data/keys/$by.pem
        signed "$scratch/envelope" "$scratch/signature" "$pem" || fault "$file: the signature is not by this key"
        if [ -n "$gone" ]; then
            [ -z "$digests" ] || fault "$file shows fields of an event whose fields were erased"
            erased=$((erased + 1))
        else
            printf '{%s}' "${digests#,}" >"$scratch/field"
            sha256 <"$scratch/field"
            [ "$digest" = "$commitment" ] || fault "$file: the fields are not those that were committed to"
        fi
        subject_of[$place]=$subject previous_of[$place]=$previous
        [ "$kind" != acquisition ] || taken_in[$subject]=1
    else
        fault "$file: the envelope has another form"
    fi
    # The proof, by RFC 9162, 2.1.3.2.
    index=$place last=$((size - 1)) digest=$leaf
    ((index <= last)) || fault "$file lies behind the checkpoint"
    for step in "${proof[@]}"; do
        [[ $step =~ ^$hash$ ]] && ((last > 0)) || { digest=none; break; }
        if ((index & 1 || index == last)); then
            node "$step" "$digest"
            while ((index && !(index & 1))); do index=$((index >> 1)) last=$((last >> 1)); done
        else
            node "$digest" "$step"
        fi
        index=$((index >> 1)) last=$((last >> 1))
    done
    ((last == 0)) && [ "$digest" = "$root" ] || fault "$file: the event is not in the log at this place"
done
((events)) || fault 'there is no event'

# 7. No event about an item is missing between those that are here: each names the one before it.
chained=0
for place in "${!previous_of[@]}"; do
    [ -n "${held[${subject_of[$place]}]+x}" ] || continue
    previous=${previous_of[$place]}
    if [ "$previous" = null ]; then chained=$((chained + 1)); continue; fi
    if [ -z "${place_of[$previous]-}" ]; then
        fault "event $place: the event before it, of the same item, was left out"
    elif ((place_of[$previous] >= place)); then
        fault "event $place names a later event as the one before it"
    else
        chained=$((chained + 1))
    fi
done

# What the archive states, and signs, of the end: that an item has no newer event than this one.
ended=0 among=0
for item in "${!held[@]}"; do
    [ -n "${last_of[$item]-}" ] || continue
    read -r place among <<<"${last_of[$item]}"
    if [ "${subject_of[$place]-}" != "$item" ] || ((among > size)); then
        fault "the list names event $place as the newest about $item, and it is not here, or about something else"
    else
        ended=$((ended + 1))
    fi
done
for place in "${!subject_of[@]}"; do
    said=${last_of[${subject_of[$place]}]-}
    [ -z "$said" ] || ((place <= ${said%% *})) || fault "event $place is newer than the newest that the list names"
done

# 8. Each original has the digest that it is named by, and a signed event says that it was taken in.
originals=0 tied=0
for file in data/originals/*; do
    name=${file##*/} item=${name%%.*} originals=$((originals + 1))
    [[ $item =~ ^$hash$ && -f $file ]] || { fault "$file is no original"; continue; }
    sha256 <"$file"
    [ "$digest" = "$item" ] || fault "$file has another SHA-256 than its name says"
    [ -n "${held[$item]+x}" ] || fault "$file belongs to no item that the list names"
    [ -z "${taken_in[$item]-}" ] || tied=$((tied + 1))
    [ -n "${taken_in[$item]-}" ] || ((sealed)) || fault "$file: no event says that it was taken in"
done

# 9. Time stamps: over the log, which must have grown into this one, and over the list of files.
bounded=() unnamed=() unrevoked=() stamped=0 reach=0
head=("$origin" "$size" "$root")
for file in data/stamps/* stamped.*.tsr; do
    base=${file%.*}
    case $file in
    stamped.*)
        stamped=$((stamped + 1))
        [[ $'\n'$(<tagmanifest-sha256.txt)$'\n' == *$'  files.sha256\n'*$'  files.sha256.sig\n'* ]] ||
            fault 'tagmanifest-sha256.txt, which is stamped, does not name the signed list'
        stamp "$base" tagmanifest-sha256.txt 'This list of files, with its signature,' ;;
    *.tsr) ;;
    *.tsq | *.pem | *.crl | *.ocsp | *.proof) [ -f "$base.note" ] || fault "$file belongs to no time stamp" ;;
    *.note)
        stamped=$((stamped + 1)) proof=() began='' grown=''
        checkpoint "$file" || fault "$file: the signature is not by this key"
        first=$size was=$root
        [ "$origin" = "${head[0]}" ] && [[ $first =~ ^[1-9][0-9]{0,17}$ ]] || { fault "$file is of another log"; first=1; }
        size=${head[1]} root=${head[2]} origin=${head[0]}
        { IFS= read -r line && [ "$line" = archiver-consistency-1 ] || fault "$base.proof is no proof"
          while read -r word rest; do
            case $word in
            from) began=$rest ;;
            to) grown=$rest ;;
            proof) [[ $rest =~ ^$hash$ ]] && proof+=("$rest") || fault "$base.proof has a line that is no hash" ;;
            *) fault "$base.proof has a line that is none of its own" ;;
            esac
          done; } 2>/dev/null <"$base.proof" || fault "$base.proof is missing"
        [ "$began $grown" = "$first $size" ] && grew "$first" "$was" || fault "$file: the log here did not grow from this"
        stamp "$base" "$file" "Event #$((first - 1)) and all before it" && ((first > reach)) && reach=$first ;;
    *) fault "$file is no part of a time stamp" ;;
    esac
done
covered=0
for place in "${!leaf_at[@]}"; do ((place >= reach)) || covered=$((covered + 1)); done
[ -z "$roots" ] || ((${#bounded[@]})) || fault 'no time stamp here leads to a root that you named'

((!faults)) || { told ''; told "$faults things are WRONG. Rely on nothing in this bundle before somebody explained them."; exit 1; }
told 'PROVED, if the key is the archive'"'"'s:'
told "  $files files are those that the archive signed a list of; none is missing, none was added."
told "  $events events stand in the log of $origin, each at its place among the first $size."
((!opened)) || told "  $opened of them are open: signed by the archive, and the $shown fields shown are those that were recorded."
((!chained)) || told "  $chained of them name the event before them about the same item, and it is here, or there is none."
((!originals)) || told "  $originals originals have the digest that they are named by; of $tied a signed event says they were taken in."
((${#from[@]} == 1)) || told "  ${#from[@]} keys have signed the log, one after the other: each gave way to the next, and both signed that."
for line in "${bounded[@]}"; do told "  $line"; done
if ((ended)); then
    told 'STATED by the archive, and signed, so that it can be held against it:'
    told "  $ended items have no newer event than those here, among the log's first $among."
fi
told 'NOT PROVED:'
[ -z "$doubtful" ] || told "  by whom the events$doubtful were signed: the archive says itself that somebody else may have had the key;"
told '  that what was recorded is true, or that a picture shows what somebody says of it;'
told '  that the times are right: they are those of the archive'"'"'s clock, and a time stamp says only: not later;'
told '  that nothing was recorded later than the newest event here, or left out at the end;'
((covered == events)) || told "  by when $((events - covered)) of the events existed: no time stamp of an authority that you named covers them;"
((!${#unrevoked[@]})) || told "  that no certificate was revoked then, of: ${unrevoked[*]} (not all lists of revoked ones are here);"
for name in $stamping; do
    [ -f "stamped.$name.tsr" ] || told "  when the list was made, by $name: the archive asked for that stamp, and it is not here;"
done
((!hidden)) || told "  what the $hidden withheld fields hold: their digests are here, their values are not;"
((!sealed)) || told "  what the $sealed sealed events state: that they stand in the log is proved, and nothing else;"
((!erased)) || told "  what the $erased erased events stated;"
told '  what record.json, record.jsonld, ro-crate-metadata.json and report.html say beyond the events: the archive signed'
told '  them as its own account.'
if ((${#unnamed[@]})); then
    told 'TIME STAMPS THAT NOBODY YOU NAMED STANDS FOR: the root in the bundle is not trusted by you. They hold together, and'
    told 'anybody can make such. Get the root certificate from the authority, compare it, and run: --roots FILE'
    for line in "${unnamed[@]}"; do told "  $line"; done
fi
((stamped)) || told 'NO TIME STAMP is here: all times are the archive'"'"'s own.'
told "THE KEY has the fingerprint $key"
[ "$wanted" != "$key" ] || { told '  It is the one that you named.'; exit 0; }
[ -z "$wanted" ] || { told '  It took over from the one that you named, which was in force earlier.'; exit 0; }
told '  NOT CHECKED: whether it is the archive'"'"'s. Ask for the fingerprint on another way than this bundle came, and'
told '  compare all 64 digits, or run: bash verify.sh --key FINGERPRINT. Somebody who made all of this anew, with a key of'
told '  their own, is found by that and by nothing else.'
exit 2
