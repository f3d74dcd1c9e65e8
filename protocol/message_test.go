package protocol

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// What goes out is the documented form, byte for byte.
func TestEncodedForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		message any
		want    string
	}{
		{ProviderToken{Success(), "T", 7200}, `{"errcode":0,"errmsg":"ok","provider_access_token":"T","expires_in":7200}`},
		{SuiteToken{Success(), "T", 7200}, `{"errcode":0,"errmsg":"ok","suite_access_token":"T","expires_in":7200}`},
		{AppToken{Success(), "T", 7200}, `{"errcode":0,"errmsg":"ok","access_token":"T","expires_in":7200}`},
		{UserInfo3rd{Failure: Success(), CorpID: "C", UserID: "U", OpenUserID: "O"}, `{"errcode":0,"errmsg":"ok","corpid":"C","userid":"U","open_userid":"O"}`},
		{UserInfo3rd{Failure: Success(), OpenID: "P"}, `{"errcode":0,"errmsg":"ok","openid":"P"}`},
		{OldUserInfo3rd{Failure: Success(), CorpID: "C", UserID: "U"}, `{"errcode":0,"errmsg":"ok","CorpId":"C","UserId":"U","DeviceId":""}`},
		{OldUserInfo3rd{Failure: Success(), OpenID: "P", DeviceID: "D"}, `{"errcode":0,"errmsg":"ok","DeviceId":"D","OpenId":"P"}`},
		{UserInfo{Failure: Success(), UserID: "U"}, `{"errcode":0,"errmsg":"ok","userid":"U"}`},
		{OldUserInfo{Failure: Success(), UserID: "U"}, `{"errcode":0,"errmsg":"ok","UserId":"U","DeviceId":""}`},
		{UserInfo3rd{Failure: Success(), CorpID: "C", UserID: "U", OpenUserID: "O", UserTicket: "T", ExpiresIn: 7200},
			`{"errcode":0,"errmsg":"ok","corpid":"C","userid":"U","open_userid":"O","user_ticket":"T","expires_in":7200}`},
		{GetUserDetail{"T"}, `{"user_ticket":"T"}`},
		{UserDetail3rd{Failure: Success(), CorpID: "C", UserID: "U", Name: "U", Gender: "0", Avatar: "A"},
			`{"errcode":0,"errmsg":"ok","corpid":"C","userid":"U","name":"U","gender":"0","avatar":"A"}`},
		{UserDetail3rd{Failure: Success(), CorpID: "C", UserID: "U", Name: "U", Gender: "1", Avatar: "A", QRCode: "Q", Mobile: "M", Email: "E"},
			`{"errcode":0,"errmsg":"ok","corpid":"C","userid":"U","name":"U","gender":"1","avatar":"A","qr_code":"Q","mobile":"M","email":"E"}`},
		{UserDetail{Failure: Success(), UserID: "U", Gender: "2", Avatar: "A", QRCode: "Q", Mobile: "M", Email: "E", BizMail: "B", Address: "D"},
			`{"errcode":0,"errmsg":"ok","userid":"U","gender":"2","avatar":"A","qr_code":"Q","mobile":"M","email":"E","biz_mail":"B","address":"D"}`},
		{User{Success(), ListedUser{UserID: "U", Name: "U", Department: []Int{1}, Gender: "0"}}, `{"errcode":0,"errmsg":"ok","userid":"U","name":"U","department":[1],"gender":"0"}`},
		{GetSuiteToken{"s", "x", "t"}, `{"suite_id":"s","suite_secret":"x","suite_ticket":"t"}`},
		{GetProviderToken{"c", "x"}, `{"corpid":"c","provider_secret":"x"}`},
		{LoginInfo{Failure: Success(), UserType: UserTypeMember, CorpInfo: LoginCorp{"C"}}, `{"errcode":0,"errmsg":"ok","usertype":5,"user_info":{},"corp_info":{"corpid":"C"}}`},
		{PreAuthCode{Success(), "P", 1200}, `{"errcode":0,"errmsg":"ok","pre_auth_code":"P","expires_in":1200}`},
		{SetSessionInfo{"P", SessionInfo{AuthType: AuthTest}}, `{"pre_auth_code":"P","session_info":{"auth_type":1}}`},
		{PermanentCode{Failure: Success(), AccessToken: "T", ExpiresIn: 7200, PermanentCode: "P", AuthCorpInfo: AuthCorp{CorpID: "C", CorpName: "N"},
			AuthInfo:     &Agents{[]AuthAgent{{AgentID: 1, Name: "A", Privilege: &Privilege{Level: 1, AllowParty: []Int{1}, AllowUser: []string{"u"}, AllowTag: []Int{}, ExtraParty: []Int{}, ExtraUser: []string{}, ExtraTag: []Int{}}}}},
			AuthUserInfo: &AuthUser{UserID: "u", OpenUserID: "u", Name: "u"}, State: "s"},
			`{"errcode":0,"errmsg":"ok","access_token":"T","expires_in":7200,"permanent_code":"P","auth_corp_info":{"corpid":"C","corp_name":"N"},` +
				`"auth_info":{"agent":[{"agentid":1,"name":"A","round_logo_url":"","square_logo_url":"","auth_mode":0,"is_customized_app":false,"auth_from_thirdapp":false,` +
				`"privilege":{"level":1,"allow_party":[1],"allow_user":["u"],"allow_tag":[],"extra_party":[],"extra_user":[],"extra_tag":[]}}]},` +
				`"auth_user_info":{"userid":"u","open_userid":"u","name":"u"},"state":"s"}`},
		{PermanentCode{Failure: Success(), PermanentCode: "P", AuthCorpInfo: AuthCorp{CorpID: "C", CorpName: "N"}}, `{"errcode":0,"errmsg":"ok","permanent_code":"P","auth_corp_info":{"corpid":"C","corp_name":"N"}}`},
		{Authorization{"C", "P"}, `{"auth_corpid":"C","permanent_code":"P"}`},
		{GetAdminList{"C", 1}, `{"auth_corpid":"C","agentid":1}`},
		{AdminList{Success(), []Admin{{"u", "o", AuthTypeManage}, {"v", "", AuthTypeUse}}}, `{"errcode":0,"errmsg":"ok","admin":[{"userid":"u","open_userid":"o","auth_type":1},{"userid":"v","auth_type":0}]}`},
		{UserIDPage{Success(), "n", []DeptUser{{OpenUserID: "o", Department: 2}}}, `{"errcode":0,"errmsg":"ok","next_cursor":"n","dept_user":[{"open_userid":"o","department":2}]}`},
		{DepartmentAnswer{Success(), Department{ID: 2, Name: "2", ParentID: 1, Order: 4294967295}}, `{"errcode":0,"errmsg":"ok","department":{"id":2,"name":"2","parentid":1,"order":4294967295}}`},
		{WaitRequest{WebKey: "k", LastStatus: QRNever}, `{"webKey":"k","lastStatus":"QRCODE_SCAN_NEVER","openDataSid":null}`},
		{WaitAnswer{WaitState{Status: QRSuccess, AuthCode: "C"}}, `{"data":{"status":"QRCODE_SCAN_SUCC","auth_code":"C","openDataSid":"","confirm_corpid":""}}`},
		{RenewAnswer{RenewState{QR: &QR{Path: "M0", Size: 33}, ExpiresIn: 300}}, `{"data":{"qr":{"path":"M0","size":33},"expires_in":300}}`},
		{RenewAnswer{RenewState{Status: QRErr}}, `{"data":{"status":"QRCODE_SCAN_ERR"}}`},
	} {
		b, err := json.Marshal(c.message)
		if err != nil || string(b) != c.want {
			t.Errorf("%T\n got %s %v\nwant %s", c.message, b, err, c.want)
		}
	}
}

// What comes in may differ in the ways seen in the field.
func TestTolerantDecoding(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"errcode":0,"errmsg":"ok","suite_access_token":"T","expires_in":7200}`,
		`{"errcode":"0","suite_access_token":"T","expires_in":"7200","extra":[{}]}`,
		"\ufeff {\"errcode\":null,\"suite_access_token\":\"T\",\"expires_in\":7200}\r\n",
	} {
		var got SuiteToken
		if err := Decode([]byte(body), &got); err != nil || got.SuiteAccessToken != "T" || got.ExpiresIn != 7200 || got.Err() != nil {
			t.Errorf("%s: %+v %v", body, got.SuiteAccessToken, err)
		}
	}
	var u User
	if err := Decode([]byte(`{"userid":"u","gender":1,"department":["1",2],"status":"1","order":[4294967295]}`), &u); err != nil ||
		u.Gender != "1" || !reflect.DeepEqual(u.Department, []Int{1, 2}) || u.Status != 1 || u.Order[0] != 4294967295 {
		t.Errorf("user %+v %v", u.Department, err)
	}
	var f Failure
	if err := Decode([]byte(`{"errcode":"40029"}`), &f); err != nil || f.ErrCode != CodeInvalidCode {
		t.Errorf("errcode as text: %v %v", f.ErrCode, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, ` `, `null`, `[]`, `"x"`, `<html>`, `{`, `{}x`, `{} {}`, `{"expires_in":"SECRETx"}`, `{"expires_in":1.5}`,
		`{"expires_in":true}`, `{"errcode":99999999999999999999}`, `{"suite_access_token":12345678}`, `{"errmsg":[]}`,
	} {
		var v SuiteToken
		err := Decode([]byte(body), &v)
		if !errors.Is(err, ErrMalformed) || err.Error() != ErrMalformed.Error() {
			t.Errorf("%q: %v, want exactly ErrMalformed", body, err)
		}
	}
}

func TestParseWaitRequest(t *testing.T) {
	t.Parallel()
	const key = "0123456789abcdef"
	for body, last := range map[string]QRStatus{
		`{"webKey":"` + key + `","lastStatus":"QRCODE_SCAN_NEVER","openDataSid":null}`:     QRNever,
		` {"webKey":"` + key + `","lastStatus":"QRCODE_SCAN_ING","openDataSid":"x","a":1}`: QRScanning,
		`{"webKey":"` + key + `"}`:                             QRNever,
		`{"webKey":"` + key + `","lastStatus":1}`:              QRScanning,
		`{"webKey":"` + key + `","lastStatus":null}`:           QRNever,
		`webKey=` + key + `&lastStatus=0&openDataSid=`:         QRNever,
		`webKey=` + key + `&lastStatus=1&openDataSid=`:         QRScanning,
		`webKey=` + key + `&lastStatus=QRCODE_SCAN_ING` + "\n": QRScanning,
	} {
		got, err := ParseWaitRequest([]byte(body))
		if err != nil || got.WebKey != key || got.LastStatus != last {
			t.Errorf("%s: %+v %v", body, got, err)
		}
	}
	for _, body := range []string{``, `{`, `[]`, `key=1`, `webKey=%zz`, `{"webKey":1}`, `{"webKey":"k","lastStatus":{}}`} {
		if _, err := ParseWaitRequest([]byte(body)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q accepted: %v", body, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"errcode":"40029","errmsg":"x","department":[1,"2"],"gender":0,"expires_in":"7200"}`))
	f.Add([]byte(`{"webKey":"0123456789abcdef","lastStatus":1,"data":{"status":0}}`))
	f.Add([]byte(`webKey=1&lastStatus=0`))
	f.Add([]byte("\ufeff{\"errcode\":\"\",\"gender\":\"\\u0000\"}"))
	f.Add([]byte(`{"gender":` + strings.Repeat("[", 100)))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, v := range []any{new(User), new(LoginInfo), new(WaitAnswer), new(UserInfo3rd), new(PermanentCode), new(Agent), new(UserIDPage)} {
			if err := Decode(body, v); err != nil {
				if !errors.Is(err, ErrMalformed) {
					t.Fatalf("%v", err)
				}
				continue
			}
			// What was understood survives a round trip.
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			again := reflect.New(reflect.TypeOf(v).Elem()).Interface()
			if err := Decode(b, again); err != nil {
				t.Fatalf("%s: %v", b, err)
			}
			if b2, _ := json.Marshal(again); string(b2) != string(b) {
				t.Fatalf("%s became %s", b, b2)
			}
		}
		if _, err := ParseWaitRequest(body); err != nil && !errors.Is(err, ErrMalformed) {
			t.Fatal(err)
		}
	})
}
